import { expect, test } from "@jest/globals";
import { decodeJwt } from "jose";
import { createAzure } from "../azure.ts";
import { CONTROL_HOST, createControl } from "../control.ts";
import { addTeam } from "../team.ts";
import { addCluster } from "./add-cluster.ts";

test("another process connects a cluster, stops it, spoils its commands, and learns whom its API server has to trust", async () => {
  const azure = createAzure();
  const { subscriptionId, tenantId, principal } = addTeam(azure);
  const { id, fqdn } = addCluster(azure, { subscriptionId, name: "shop" });
  const control = createControl(azure);
  const order = async (method: string, path: string, body: object = {}) => {
    const url = `https://${CONTROL_HOST}${path}`;
    const answer = await control({ method, url, headers: {}, body: JSON.stringify(body) });
    return { status: answer.status, json: answer.body === "" ? undefined : JSON.parse(`${answer.body}`) };
  };
  const real = { server: "https://10.244.0.1:6443", caPem: "PEM", adminKubeconfig: "" };
  expect((await order("POST", "/clusters", { cluster: id, ...real })).status).toBe(204);
  expect(azure.aks.entrance(fqdn)).toEqual({ kind: "open", host: "10.244.0.1", port: 6443 });
  await order("PATCH", "/clusters", { cluster: id, power: "Stopped", settings: { runnerAddress: "198.51.100.9" } });
  expect((await order("GET", "/clusters")).json).toMatchObject([{ id, fqdn, powerState: { code: "Stopped" } }]);
  expect(azure.aks.settings.runnerAddress).toBe("198.51.100.9");
  expect((await order("POST", "/command-plans", { code: "X", message: "x" })).status).toBe(204);

  await order("POST", "/groups", { principal: principal.objectId, group: "6r0up" });
  const { token } = (await order("POST", "/cluster-tokens", { principal: principal.objectId })).json;
  expect((await order("GET", `/token-issuers/${tenantId}`)).json).toEqual({
    issuer: decodeJwt(token).iss,
    discovery: azure.entra.discovery(tenantId),
    jwks: azure.entra.jwks,
  });
  expect(decodeJwt(token)).toMatchObject({ oid: principal.objectId, groups: ["6r0up"] });
  expect((await order("POST", "/clusters", { cluster: "/nowhere", ...real })).status).toBe(400);
});
