import { describe, expect, test } from "@jest/globals";
import { connectManagedClusters } from "../../src/azure/connect-managed-clusters.ts";
import { type AddClusterOptions, addCluster } from "../azure/aks/add-cluster.ts";
import { stage } from "./registry-on-emulator.ts";

const USER = "Azure Kubernetes Service Cluster User Role";
const ADMIN = "Azure Kubernetes Service Cluster Admin Role";
const CA = "-----BEGIN CERTIFICATE-----\nQ0E=\n-----END CERTIFICATE-----\n";

function setUp({ role, ...options }: Partial<AddClusterOptions> & { readonly role?: string } = {}) {
  const scene = stage({ teamRoles: [] });
  const { azure, team } = scene;
  const cluster = addCluster(azure, { subscriptionId: team.subscriptionId, name: "shop", ...options });
  if (role !== "") team.assign(role ?? USER, cluster.id);
  const place = { subscriptionId: team.subscriptionId, resourceGroup: "shared", name: "shop" };
  return { ...scene, cluster, place, clusters: connectManagedClusters(scene.arm) };
}

describe("a cluster in ARM", () => {
  test("is read with what a deployment needs of it", async () => {
    const { clusters, place, cluster } = setUp({
      properties: {
        kubernetesVersion: "1.36.3",
        disableLocalAccounts: true,
        aadProfile: { managed: true, enableAzureRBAC: true },
        oidcIssuerProfile: { enabled: true },
        securityProfile: { workloadIdentity: { enabled: true } },
        workloadAutoScalerProfile: { keda: { enabled: true } },
        apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.0/24"], disableRunCommand: true },
      },
    });
    expect(await clusters.require(place)).toEqual({
      ...place,
      id: cluster.id,
      location: "westeurope",
      provisioningState: "Succeeded",
      stopped: false,
      version: "1.36.3",
      private: false,
      fqdn: cluster.fqdn,
      privateFqdn: undefined,
      authorizedRanges: ["203.0.113.0/24"],
      runCommandDisabled: true,
      auth: "aad-azure-rbac",
      localAccountsDisabled: true,
      oidcIssuer: cluster.issuer,
      workloadIdentity: true,
      keda: true,
      kubelet: { objectId: cluster.kubelet.objectId, clientId: cluster.kubelet.clientId },
      nodeResourceGroup: "MC_shared_shop_westeurope",
    });
  });

  test("says that it is stopped, private, and without Entra", async () => {
    const { azure, clusters, place, cluster } = setUp({
      properties: { aadProfile: undefined, apiServerAccessProfile: { enablePrivateCluster: true } },
    });
    azure.aks.setPower(cluster.id, "Stopped");
    expect(await clusters.require(place)).toMatchObject({
      stopped: true,
      private: true,
      privateFqdn: cluster.privateFqdn,
      auth: "local",
      workloadIdentity: false,
      oidcIssuer: undefined,
    });
  });

  test.each([
    [
      "a name that is near, with its group",
      { name: "shopp" },
      /no AKS cluster "shopp"[\s\S]*Did you mean "shop" \(resource group "shared"\)\?[\s\S]*az aks list/,
    ],
    [
      "the group that has one of this name",
      { resourceGroup: "other" },
      /One of that name is in resource group "shared"/,
    ],
    ["the group that is missing", { resourceGroup: "none" }, /no resource group "none"/],
  ])("that is not there is told with %s", async (_, change, message) => {
    const { azure, team, clusters, place } = setUp();
    azure.arm.addResourceGroup({ subscriptionId: team.subscriptionId, name: "other" });
    team.assign("Reader", `/subscriptions/${team.subscriptionId}`);
    await expect(clusters.require({ ...place, ...change })).rejects.toMatchObject({
      code: "cluster-not-found",
      message: expect.stringMatching(message),
    });
  });

  test("that is not there is told as such where nothing may be listed", async () => {
    const { azure, team, clusters, place } = setUp();
    team.assign("Reader", `/subscriptions/${team.subscriptionId}`);
    azure.faults.add(
      { name: "closed", when: { path: /\/resources$/ } },
      { kind: "respond", status: 403, body: { error: { code: "AuthorizationFailed", message: "no" } } },
    );
    await expect(clusters.require({ ...place, name: "shopp" })).rejects.toMatchObject({ code: "cluster-not-found" });
  });

  test("of another subscription is told by the subscription", async () => {
    const { clusters, place } = setUp();
    const elsewhere = { ...place, subscriptionId: "5ab00000-0000-4000-8000-0000000000ff" };
    await expect(clusters.require(elsewhere)).rejects.toMatchObject({ code: "subscription-not-found" });
  });

  test("that is denied to everybody is not told as a missing role", async () => {
    const { azure, clusters, place, cluster } = setUp();
    azure.arm.addDenyAssignment(cluster.id, { name: "closed", actions: ["*"] });
    await expect(clusters.require(place)).rejects.toMatchObject({ code: "arm-denied" });
  });

  test("is asked for again where ARM is busy, and given up when the job is cancelled", async () => {
    const { azure, clusters, place, waits, cancel } = setUp();
    azure.faults.add({ name: "busy", when: { path: /\/shop$/ }, times: 2 }, { kind: "throttle", seconds: 3 });
    await clusters.require(place);
    expect(waits).toEqual([3_000, 3_000]);
    cancel.abort();
    await expect(clusters.require(place)).rejects.toMatchObject({ code: "cancelled" });
  });
});

describe("the role that is missing is named with its scope, for whom, and the line that gives it", () => {
  test.each([
    ["to read it", USER, "require"],
    ["to get its address", USER, "readEntrance"],
    ["to get its credential", USER, "readUserKubeconfig"],
    ["to get its admin credential", ADMIN, "readAdminKubeconfig"],
  ] as const)("%s: %s", async (_, role, method) => {
    const { clusters, place, cluster, team } = setUp({ role: "" });
    const { objectId } = team.principal;
    const line = `az role assignment create --assignee-object-id ${objectId} --assignee-principal-type ServicePrincipal --role '${role}' --scope ${cluster.id}`;
    await expect(clusters[method](place)).rejects.toMatchObject({
      code: "cluster-role-missing",
      message: expect.stringContaining(line),
    });
  });

  test("to run a command: two actions, as a role of its own", async () => {
    const { clusters, place, team } = setUp();
    await expect(clusters.runCommand(place, { command: "true" })).rejects.toMatchObject({
      code: "cluster-role-missing",
      message: expect.stringMatching(
        new RegExp(
          `runCommand/action and .*commandResults/read[\\s\\S]*az role definition create[\\s\\S]*${team.principal.objectId}`,
        ),
      ),
    });
  });
});

describe("the entrance", () => {
  const connected = (options: Parameters<typeof setUp>[0] = {}) => {
    const scene = setUp(options);
    const adminKubeconfig = JSON.stringify({ users: [{ name: "a", user: { token: "s3cret" } }] });
    scene.azure.aks.connect(scene.cluster.id, { server: "https://10.244.0.1:6443", caPem: CA, adminKubeconfig });
    return scene;
  };

  test("is the name and the authority of the API server, asked for in exec format", async () => {
    const { azure, clusters, place, cluster } = connected();
    expect(await clusters.readEntrance(place)).toEqual({
      server: `https://${cluster.fqdn}:443`,
      certificateAuthority: CA,
    });
    const [asked] = azure.traffic.find({ path: /listClusterUserCredential$/ });
    expect(asked?.query["format"]).toBe("exec");
  });

  test("of a private cluster is its private name, or its public one where that is asked for", async () => {
    const { clusters, place, cluster } = connected({
      properties: { apiServerAccessProfile: { enablePrivateCluster: true } },
    });
    expect((await clusters.readEntrance(place)).server).toBe(`https://${cluster.privateFqdn}:443`);
    expect((await clusters.readEntrance(place, { fqdn: "public" })).server).toBe(`https://${cluster.fqdn}:443`);
  });

  test("brings no credential along, also where the cluster has local accounts only", async () => {
    const { clusters, place } = connected({ properties: { aadProfile: undefined } });
    expect(JSON.stringify(await clusters.readEntrance(place))).not.toContain("s3cret");
  });

  test("of a user is the whole kubeconfig where the cluster has local accounts only", async () => {
    const { clusters, place } = connected({ properties: { aadProfile: undefined } });
    expect(await clusters.readUserKubeconfig(place)).toContain("s3cret");
  });

  test("that no answer has is told without a word of it", async () => {
    const { azure, clusters, place } = connected();
    const value = Buffer.from("users: [{user: {token: s3cret}}]").toString("base64");
    azure.faults.add(
      { name: "empty", when: { path: /listClusterUserCredential$/ } },
      { kind: "respond", status: 200, body: { kubeconfigs: [{ name: "clusterUser", value }] } },
    );
    const refusal = await clusters.readEntrance(place).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "cluster-entrance-unreadable" });
    expect(`${refusal}`).not.toContain("s3cret");
  });

  test("is asked for again where ARM is busy: it only looks", async () => {
    const { azure, clusters, place } = connected();
    azure.faults.add(
      { name: "busy", when: { path: /listClusterUserCredential$/ }, times: 2 },
      { kind: "respond", status: 503 },
    );
    expect((await clusters.readEntrance(place)).certificateAuthority).toBe(CA);
  });

  test("of an administrator is the whole kubeconfig, unless local accounts are switched off", async () => {
    const { clusters, place } = connected({ role: ADMIN });
    expect(await clusters.readAdminKubeconfig(place)).toContain("s3cret");
    const closed = connected({ role: ADMIN, properties: { disableLocalAccounts: true } });
    await expect(closed.clusters.readAdminKubeconfig(place)).rejects.toMatchObject({
      code: "local-accounts-disabled",
      message: expect.stringContaining("leave out admin: true"),
    });
  });
});
