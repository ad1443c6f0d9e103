import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { asObject, type Json } from "../azure/wire.ts";
import { openStack, type Stack } from "../terraform/stack.ts";
import type { TerraformRun } from "../terraform/terraform-folder.ts";
import { type FoundationScene, openFoundationScene, PREVIEWS, REPOSITORY } from "./foundation-scene.ts";

jest.setTimeout(300_000);

const EXPIRY = "2036-11-21T09:17:00Z";
const EXTENDED = "2037-01-01T00:00:00Z";
const COMMIT = "6f0c1b2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b";
const POOL = "Microsoft.ContainerService/managedClusters/agentPools";
const OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d";
const BLOB_WRITE = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write";

/** What the action hands over, and no vault whose data plane the provider asks for two minutes before it believes in it. */
const environmentOf = (environment: string, headSha = COMMIT) => ({
  environment,
  repository: REPOSITORY.repository,
  repository_id: REPOSITORY.repositoryId,
  head_sha: headSha,
  state_key: `mayfly/${REPOSITORY.repositoryId}/${environment}.tfstate`,
  expires_at: EXPIRY,
  tags: { "auto-destroy": "true", "expires-at": EXPIRY },
  key_vault_public_network_access_enabled: false,
});

let scene: FoundationScene;
beforeAll(async () => {
  scene = await openFoundationScene();
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

const bodyOf = (id: string): Json => scene.azure.arm.find(id)?.body ?? {};
const tagsOf = (id: string): Json => asObject(bodyOf(id)["tags"]) ?? {};
const pools = (cluster: string) =>
  new Map(
    scene.azure.arm.world.store.list(POOL, cluster).map(({ name, body }) => [name, asObject(body["properties"]) ?? {}]),
  );
const groupOf = (outputs: Readonly<Record<string, unknown>>): string =>
  `/subscriptions/${PREVIEWS}/resourceGroups/${outputs["resource_group_name"]}`;
const clusterOf = (outputs: Readonly<Record<string, unknown>>): string =>
  `${groupOf(outputs)}/providers/Microsoft.ContainerService/managedClusters/${outputs["cluster_name"]}`;
const told = ({ code, stdout, stderr }: TerraformRun): string => `${code}: ${stderr}${code === 0 ? "" : stdout}`;

describe("the foundation", () => {
  test("needs no second apply", async () => {
    expect(told(await scene.foundation.plan())).toBe("0: ");
  });

  test("lets previews give few roles, and never one that would free them", async () => {
    const ask = scene.ask(scene.variables["AZURE_CLIENT_ID"]);
    const group = scene.azure.arm.addResourceGroup({ subscriptionId: PREVIEWS, name: "pr-1" }).id;
    const give = (role: string, scope: string) =>
      ask("PUT", `${scope}/providers/Microsoft.Authorization/roleAssignments/${role}`, {
        properties: {
          roleDefinitionId: `/subscriptions/${PREVIEWS}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
          principalId: scene.objectIdOf(scene.variables["AZURE_CLIENT_ID"]),
        },
      });
    expect(await give(OWNER, group)).toMatchObject({ status: 403, code: "AuthorizationFailed" });
    expect(await give(OWNER, `/subscriptions/${PREVIEWS}`)).toMatchObject({ status: 403, code: "AuthorizationFailed" });
    expect((await give(ACR_PULL, group)).status).toBe(201);
  });

  test("keeps its own state from previews", () => {
    const { authorization, store } = scene.azure.arm.world;
    const objectId = scene.objectIdOf(scene.variables["AZURE_CLIENT_ID"]);
    const containers = store.list("Microsoft.Storage/storageAccounts/blobServices/containers", "/");
    const writable = containers.filter(({ id }) => authorization.allowedData({ objectId }, BLOB_WRITE, id));
    expect(containers.map(({ name }) => name).sort()).toEqual(["foundation", "tfstate"]);
    expect(writable.map(({ name }) => name)).toEqual(["tfstate"]);
  });

  test("lets the reaper delete a group, and do nothing else with it", async () => {
    const ask = scene.ask(scene.variables["AZURE_REAPER_CLIENT_ID"]);
    const group = scene.azure.arm.addResourceGroup({ subscriptionId: PREVIEWS, name: "pr-2" }).id;
    expect((await ask("GET", group)).status).toBe(200);
    expect(await ask("PATCH", group, { tags: { a: "b" } })).toMatchObject({ status: 403, code: "AuthorizationFailed" });
    expect((await ask("DELETE", group)).status).toBe(202);
  });
});

describe("a queue-worker cluster that pulls from the foundation's registry", () => {
  let stack: Stack;
  let outputs: Readonly<Record<string, unknown>>;
  const given = (headSha?: string) => ({
    ...environmentOf("pr-12", headSha),
    shared_registry: scene.made["shared_registry"],
  });
  beforeAll(async () => {
    const { proxy, previewJob } = scene;
    stack = await openStack({ name: "aks-environment", proxy, team: previewJob, example: "queue-worker-cluster" });
    await stack.apply(given());
    outputs = await stack.outputs();
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });

  test("is told to the other actions", () => {
    const name = outputs["resource_group_name"];
    expect(outputs).toEqual({
      resource_group_name: expect.stringMatching(/^queue-pr-12-[0-9a-f]{6}$/),
      cluster_name: name,
      cluster_resource_group_name: name,
      registry_login_server: scene.variables["MAYFLY_REGISTRY"],
      oidc_issuer_url: expect.stringMatching(/^https:\/\/.+\/$/),
      workload_identity_client_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      namespace: "pr-12",
      url: "https://pr-12.preview.example.com",
      key_vault_uri: `https://${name}.vault.azure.net/`,
    });
  });

  test("has two nodes, one more during an upgrade, and no other pool", () => {
    const made = pools(clusterOf(outputs));
    expect([...made.keys()]).toEqual(["system"]);
    expect(made.get("system")).toMatchObject({
      count: 2,
      vmSize: "Standard_D2s_v5",
      upgradeSettings: { maxSurge: "1" },
    });
  });

  test("carries both TTL tags on its group, and on its cluster nothing that changes with a commit", () => {
    const tags = tagsOf(groupOf(outputs));
    expect(tags).toMatchObject({ "auto-destroy": "true", "expires-at": EXPIRY, owner: "team-queue" });
    const { "auto-destroy": _, "expires-at": __, "mayfly-head-sha": ___, ...lasting } = tags;
    expect(tagsOf(clusterOf(outputs))).toEqual(lasting);
  });

  test("may pull from a registry of another subscription", () => {
    const { id } = scene.made["shared_registry"] as { readonly id: string };
    const profile = asObject(asObject(bodyOf(clusterOf(outputs))["properties"])?.["identityProfile"]);
    const objectId = `${asObject(profile?.["kubeletidentity"])?.["objectId"]}`;
    const { authorization } = scene.azure.arm.world;
    expect(authorization.allowed({ objectId }, "Microsoft.ContainerRegistry/registries/pull/read", id)).toBe(true);
  });

  test("shows no change, and none after it was extended around terraform", async () => {
    expect(told(await stack.plan())).toBe("0: ");
    scene.azure.arm.tag(groupOf(outputs), { "expires-at": EXTENDED });
    expect(told(await stack.plan())).toBe("0: ");
  });

  test("changes the group alone for another commit, and keeps what it was extended to", async () => {
    const next = "0123456789abcdef0123456789abcdef01234567";
    const { stdout } = await stack.apply(given(next));
    expect(stdout).toContain("0 added, 1 changed, 0 destroyed");
    expect(tagsOf(groupOf(outputs))).toMatchObject({ "expires-at": EXTENDED, "mayfly-head-sha": next });
  });

  test("leaves nothing behind, not even a vault's name", async () => {
    await stack.destroy();
    const left = scene.azure.arm.groups(PREVIEWS).map(({ name }) => name);
    expect(left.filter((name) => name.includes("queue-pr-12"))).toEqual([]);
    const ask = scene.ask(scene.variables["AZURE_CLIENT_ID"]);
    const vault = `/subscriptions/${PREVIEWS}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/${outputs["resource_group_name"]}`;
    expect((await ask("GET", vault)).status).toBe(404);
  });
});

describe("a cluster of seven tainted pools with a registry of its own", () => {
  let stack: Stack;
  let outputs: Readonly<Record<string, unknown>>;
  beforeAll(async () => {
    const { proxy, previewJob } = scene;
    stack = await openStack({ name: "aks-environment", proxy, team: previewJob, example: "tainted-pools-cluster" });
    await stack.apply(environmentOf("pr-13"));
    outputs = await stack.outputs();
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });

  test("has all pools, each with a taint, and Spot marked as AKS marks it", () => {
    const made = pools(clusterOf(outputs));
    const own = [...made].filter(([name]) => name !== "system");
    expect(own.map(([name]) => name).sort()).toEqual(["api", "batch", "data", "gpu", "memory", "web", "workers"]);
    for (const [name, pool] of own) {
      expect(pool).toMatchObject({ enableAutoScaling: true });
      expect(pool["nodeTaints"]).toContain(`workload=${name}:NoSchedule`);
    }
    expect(made.get("batch")).toMatchObject({
      scaleSetPriority: "Spot",
      nodeLabels: { workload: "batch", "kubernetes.azure.com/scalesetpriority": "spot" },
      nodeTaints: ["workload=batch:NoSchedule", "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"],
    });
  });

  test("shows no change after its pools have grown, and lets them stay", async () => {
    expect(told(await stack.plan())).toBe("0: ");
    for (const [name, nodes] of Object.entries({ system: 3, web: 4, batch: 7 })) {
      const pool = scene.azure.arm.find(`${clusterOf(outputs)}/agentPools/${name}`);
      if (pool !== undefined)
        pool.body = { ...pool.body, properties: { ...asObject(pool.body["properties"]), count: nodes } };
    }
    expect(told(await stack.plan())).toBe("0: ");
    await stack.apply({ ...environmentOf("pr-13"), owner: "team-two" });
    const counts = ["system", "web", "batch"].map((name) => pools(clusterOf(outputs)).get(name)?.["count"]);
    expect(counts).toEqual([3, 4, 7]);
  });

  test("is pushed to by whoever made it, and gone after a destroy", async () => {
    expect(outputs["registry_login_server"]).toMatch(/^poolspr13[0-9a-f]{6}\.azurecr\.io$/);
    const registry = scene.azure.arm.world.store.list("Microsoft.ContainerRegistry/registries", groupOf(outputs))[0];
    const objectId = scene.objectIdOf(scene.variables["AZURE_CLIENT_ID"]);
    const { authorization } = scene.azure.arm.world;
    const push = "Microsoft.ContainerRegistry/registries/push/write";
    expect(authorization.allowed({ objectId }, push, `${registry?.id}`)).toBe(true);
    await stack.destroy();
    expect(scene.azure.arm.groups(PREVIEWS).filter(({ name }) => name.includes("pools-pr-13"))).toEqual([]);
  });
});
