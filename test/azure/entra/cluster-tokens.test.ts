import { describe, expect, test } from "@jest/globals";
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import { addCluster } from "../aks/add-cluster.ts";
import { read } from "../ask.ts";
import { createAzure } from "../azure.ts";
import { startProxy } from "../proxy.ts";
import { addTeam } from "../team.ts";
import { setUp } from "./post-token.ts";

const SERVER = "6dae42f8-4368-4678-94ff-3960e28e3630";

describe("a token for the API servers of AKS", () => {
  test("is what structured authentication looks at: audience, issuer, object id, groups", async () => {
    const { azure, post, team } = setUp();
    const form = { scope: `${SERVER}/.default` };
    const token = async () => `${(await post({ form })).json["access_token"]}`;
    expect(decodeJwt(await token())).not.toHaveProperty("groups");
    team.principal.groups.push("6r0up");
    const keys = createLocalJWKSet(azure.entra.jwks as Parameters<typeof createLocalJWKSet>[0]);
    const { payload } = await jwtVerify(await token(), keys, {
      issuer: azure.entra.issuer(team.tenantId),
      audience: SERVER,
      currentDate: azure.clock.now(),
    });
    expect(payload).toMatchObject({ oid: team.principal.objectId, groups: ["6r0up"], ver: "1.0" });
  });

  test("has an issuer whose discovery says the same over the wire and in the process", async () => {
    const { azure, team } = setUp();
    const issuer = `https://sts.windows.net/${team.tenantId}/`;
    const get = async (url: string) => read(await azure.answer({ method: "GET", url, headers: {} }));
    const { json } = await get(`${issuer}.well-known/openid-configuration`);
    expect(json).toMatchObject({ issuer });
    expect((await get(`${json["jwks_uri"]}`)).json).toEqual(azure.entra.jwks);
    expect(azure.entra.discovery(team.tenantId)).toMatchObject({ issuer, jwks_uri: json["jwks_uri"] });
    expect(azure.entra.discovery(team.tenantId, "https://10.245.0.1/keys")["jwks_uri"]).toBe("https://10.245.0.1/keys");
  });

  test("a group's roles are its members'", async () => {
    const azure = createAzure();
    const { principal, subscriptionId } = addTeam(azure);
    const scope = `/subscriptions/${subscriptionId}/resourceGroups/g`;
    const allowed = () => azure.arm.world.authorization.allowed(principal, "Microsoft.Foo/bars/read", scope);
    azure.arm.assignRole("6r0up", "Reader", scope);
    expect(allowed()).toBe(false);
    principal.groups.push("6r0up");
    expect(allowed()).toBe(true);
  });
});

describe("a node's metadata service", () => {
  const ask = async (base: string, query: string, headers: Record<string, string> = { metadata: "true" }) => {
    const response = await fetch(`${base}/metadata/identity/oauth2/token?${query}`, { headers });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  const RESOURCE = "resource=https://management.azure.com/&api-version=2018-02-01";

  test("gives the kubelet's identity a token, by any of its names", async () => {
    const azure = createAzure();
    const { subscriptionId } = addTeam(azure);
    const { kubelet } = addCluster(azure, { subscriptionId, name: "shop" });
    await using proxy = await startProxy(azure);
    for (const name of [
      `client_id=${kubelet.clientId}`,
      `object_id=${kubelet.objectId}`,
      `msi_res_id=${encodeURIComponent(kubelet.resourceId)}`,
    ]) {
      const { status, json } = await ask(proxy.metadataUrl, `${RESOURCE}&${name}`);
      expect({ status, client: json["client_id"] }).toEqual({ status: 200, client: kubelet.clientId });
      expect(decodeJwt(`${json["access_token"]}`)).toMatchObject({
        aud: "https://management.azure.com",
        oid: kubelet.objectId,
        xms_mirid: kubelet.resourceId,
      });
    }
  });

  test.each([
    ["without the header", `${RESOURCE}&client_id=x`, {}, "Required metadata header not specified"],
    ["that was forwarded", `${RESOURCE}&client_id=x`, { metadata: "true", "x-forwarded-for": "1.1.1.1" }, "forwarded"],
    ["for nobody", RESOURCE, { metadata: "true" }, "Identity not found"],
    ["for somebody who is not there", `${RESOURCE}&client_id=x`, { metadata: "true" }, "Identity not found"],
    ["for nothing", "api-version=2018-02-01", { metadata: "true" }, "audience"],
  ])("refuses a request %s", async (_, query, headers, description) => {
    await using proxy = await startProxy(createAzure());
    expect(await ask(proxy.metadataUrl, query, headers as Record<string, string>)).toMatchObject({
      status: 400,
      json: { error_description: expect.stringContaining(description) },
    });
  });
});
