import { describe, expect, test } from "@jest/globals";
import { propertiesOf } from "../arm/authorization.ts";
import { asking } from "../ask.ts";
import { createAzure } from "../azure.ts";
import { addTeam } from "../team.ts";
import { asObject, type Json } from "../wire.ts";

const SYSTEM = { name: "system", mode: "System", count: 2, vmSize: "Standard_D2s_v5" };

function setUp(writeSeconds = 0) {
  const azure = createAzure({ frozen: true, arm: { writeSeconds } });
  const team = addTeam(azure, { role: "Owner" });
  const group = azure.arm.addResourceGroup({ subscriptionId: team.subscriptionId, name: "g" }).id;
  const ask = asking(azure, team);
  const path = `${group}/providers/Microsoft.ContainerService/managedClusters/k`;
  const nodes = `/subscriptions/${team.subscriptionId}/resourceGroups/MC_g_k_westeurope`;
  const put = (properties: Json = {}, rest: Json = {}) =>
    ask("PUT", path, {
      location: "westeurope",
      identity: { type: "SystemAssigned" },
      ...rest,
      properties: { dnsPrefix: "k", agentPoolProfiles: [SYSTEM], ...properties },
    });
  const shown = async () => propertiesOf((await ask("GET", path)).json);
  const pools = async () => (await shown())["agentPoolProfiles"] as readonly Json[];
  return { azure, team, group, ask, path, nodes, put, shown, pools };
}

describe("a cluster", () => {
  test("comes with what others read of it", async () => {
    const { put } = setUp();
    const { status, json } = await put({
      oidcIssuerProfile: { enabled: true },
      kubernetesVersion: "",
      nodeResourceGroup: "",
    });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      identity: { principalId: expect.any(String), tenantId: expect.any(String) },
      properties: {
        kubernetesVersion: "1.35.4",
        currentKubernetesVersion: "1.35.4",
        nodeResourceGroup: "MC_g_k_westeurope",
        fqdn: expect.stringMatching(/^k-[0-9a-f]{8}\.hcp\.westeurope\.azmk8s\.io$/),
        oidcIssuerProfile: {
          issuerURL: expect.stringMatching(/^https:\/\/westeurope\.oic\.prod-aks\.azure\.com\/.+\/$/),
        },
      },
    });
  });

  test("keeps its nodes in a group that it manages, which has its tags and goes with it", async () => {
    const { azure, ask, put, path, nodes, group } = setUp();
    await put({}, { tags: { "auto-destroy": "true" } });
    expect((await ask("GET", nodes)).json).toMatchObject({ managedBy: path, tags: { "auto-destroy": "true" } });
    await ask("DELETE", path);
    expect((await ask("GET", nodes)).code).toBe("ResourceGroupNotFound");
    await put();
    await ask("DELETE", group);
    azure.clock.advance(45_000);
    expect((await ask("GET", nodes)).code).toBe("ResourceGroupNotFound");
  });

  test("has a kubelet that is a principal of the directory, and one for its ingress", async () => {
    const { azure, put, shown } = setUp();
    await put({ ingressProfile: { webAppRouting: { enabled: true } } });
    const { identityProfile, ingressProfile } = await shown();
    const kubelet = asObject(asObject(identityProfile)?.["kubeletidentity"]);
    const ingress = asObject(asObject(asObject(ingressProfile)?.["webAppRouting"])?.["identity"]);
    for (const identity of [kubelet, ingress]) {
      const principal = azure.entra.principalByObject(`${identity?.["objectId"]}`);
      expect(principal).toMatchObject({ clientId: identity?.["clientId"], resourceId: identity?.["resourceId"] });
    }
  });

  test("keeps ids and issuer over a change, and its pools over one that does not name them", async () => {
    const { put, ask, path, shown, pools } = setUp();
    await put({ oidcIssuerProfile: { enabled: true } });
    const before = await shown();
    await ask("PUT", path, { ...(await ask("GET", path)).json, tags: { a: "1" } });
    await ask("PATCH", path, { tags: { a: "2" } });
    const { fqdn, oidcIssuerProfile, identityProfile } = before;
    expect(await shown()).toMatchObject({ fqdn, oidcIssuerProfile, identityProfile });
    expect((await pools()).map(({ name }) => name)).toEqual(["system"]);
  });

  test("is refused without a system pool, with a version that there is not, and while something else is going on", async () => {
    const { put } = setUp(60);
    expect((await put({ agentPoolProfiles: [{ ...SYSTEM, mode: "User" }] })).message).toMatch(/system pool/);
    expect((await put({ kubernetesVersion: "1.20" })).code).toBe("K8sVersionNotSupported");
    expect((await put({ kubernetesVersion: "1.36" })).status).toBe(201);
    expect(await put()).toMatchObject({ status: 409, code: "OperationNotAllowed" });
  });

  test("hands out a kubeconfig: kubelogin's call with Entra, or the older form, a token without, and nothing static where local accounts are off", async () => {
    const { ask, put, path } = setUp();
    const kubeconfig = async (kind: string, query = "") => {
      const { json } = await ask("POST", `${path}/listCluster${kind}Credential${query}`);
      const [first] = (json["kubeconfigs"] ?? []) as readonly Json[];
      return Buffer.from(`${first?.["value"]}`, "base64").toString();
    };
    await put({});
    expect(await kubeconfig("User")).toMatch(/token: [0-9a-f]{128}/);
    await put({ aadProfile: { managed: true, tenantID: "" }, disableLocalAccounts: true });
    for (const query of ["", "?format=exec"]) expect(await kubeconfig("User", query)).toMatch(/command: kubelogin/);
    expect(await kubeconfig("User", "?format=azure")).toMatch(/auth-provider:/);
    expect((await ask("POST", `${path}/listClusterAdminCredential`)).status).toBe(400);
  });

  test("hands out the authority and the administrator of a real cluster, at its own name", async () => {
    const { azure, ask, put, path, shown } = setUp();
    await put({ aadProfile: { managed: true } });
    const adminKubeconfig = "users: [{name: a, user: {token: real}}]";
    azure.aks.connect(path, { server: "https://10.244.0.1:6443", caPem: "PEM", adminKubeconfig });
    const { fqdn } = await shown();
    for (const [kind, credential] of [
      ["User", /command: kubelogin/],
      ["Admin", /token: real/],
    ] as const) {
      const { json } = await ask("POST", `${path}/listCluster${kind}Credential?format=exec`);
      const text = Buffer.from(`${(json["kubeconfigs"] as readonly Json[])[0]?.["value"]}`, "base64").toString();
      expect(text).toContain(`server: https://${fqdn}:443`);
      expect(text).toContain(`certificate-authority-data: ${Buffer.from("PEM").toString("base64")}`);
      expect(text).toMatch(credential);
    }
  });

  test("is stopped and started, which takes its time", async () => {
    const { azure, ask, put, path, shown } = setUp();
    await put();
    const { status, headers } = await ask("POST", `${path}/stop`);
    expect({ status, location: headers["location"] }).toMatchObject({ status: 202, location: expect.any(String) });
    expect(await shown()).toMatchObject({ provisioningState: "Stopping", powerState: { code: "Running" } });
    azure.clock.advance(30_000);
    expect(await shown()).toMatchObject({ provisioningState: "Succeeded", powerState: { code: "Stopped" } });
    await ask("POST", `${path}/start`);
    azure.clock.advance(30_000);
    expect(await shown()).toMatchObject({ powerState: { code: "Running" } });
  });
});

describe("a pool", () => {
  test("goes in step with its cluster", async () => {
    const { ask, put, path, pools } = setUp();
    await put();
    await ask("PUT", `${path}/agentPools/jobs`, { properties: { count: 1, vmSize: "Standard_D2s_v5" } });
    expect((await pools()).map(({ name }) => name).toSorted()).toEqual(["jobs", "system"]);
    await ask("DELETE", `${path}/agentPools/jobs`);
    expect((await pools()).map(({ name }) => name)).toEqual(["system"]);
    expect((await ask("DELETE", `${path}/agentPools/system`)).message).toMatch(/system pool/);
  });

  test("surges by a tenth where nothing else is said; a Spot pool has no surge but marks", async () => {
    const { ask, put, path } = setUp();
    await put();
    const make = async (name: string, properties: Json) =>
      propertiesOf((await ask("PUT", `${path}/agentPools/${name}`, { properties })).json);
    expect(await make("plain", {})).toMatchObject({
      upgradeSettings: { maxSurge: "10%" },
      provisioningState: "Succeeded",
    });
    const spot = await make("spot", { scaleSetPriority: "Spot" });
    expect(spot).toMatchObject({ nodeTaints: ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"] });
    expect(spot["upgradeSettings"]).toBeUndefined();
    expect((await ask("PUT", `${path}/agentPools/Bad-Name`, {})).code).toBe("InvalidParameter");
  });
});
