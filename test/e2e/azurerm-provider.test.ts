import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { propertiesOf } from "../azure/arm/authorization.ts";
import { REFUSALS } from "../azure/arm/refusals.ts";
import { parseCollection, parseResourceId } from "../azure/arm/resource-id.ts";
import { asking } from "../azure/ask.ts";
import { type Azure, createAzure } from "../azure/azure.ts";
import { postToken } from "../azure/entra/post-token.ts";
import { type EmulatorProxy, startProxy } from "../azure/proxy.ts";
import { addTeam, type Team } from "../azure/team.ts";
import { asObject } from "../azure/wire.ts";
import { createTerraformFolder, type TerraformFolder } from "../terraform/terraform-folder.ts";

jest.setTimeout(300_000);

let azure: Azure;
let team: Team;
let proxy: EmulatorProxy;
let folder: TerraformFolder;

/** Operations take a second and a half, and answers are held to their end instead of being asked for without pause. */
async function open(main: string): Promise<void> {
  azure = createAzure({ arm: { writeSeconds: 1.5, deletionSeconds: 1.5, holdSeconds: 20 } });
  team = addTeam(azure, { role: "Owner" });
  proxy = await startProxy(azure);
  const env = { GO_AZURE_SDK_SKIP_POLLING_DELAY: "true" };
  folder = await createTerraformFolder({ proxy, team, files: { "main.tf": main }, env });
}

afterEach(async () => {
  await folder[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
});

const left = () => azure.arm.store.below("/").map(({ id }) => id);

describe("the real azurerm provider", () => {
  beforeEach(async () => {
    await open(await readFile(join(import.meta.dirname, "../terraform/fixtures/environment/main.tf"), "utf8"));
  });

  test("makes an environment that others find, sees no drift, changes it, and leaves nothing behind", async () => {
    const before = left();
    await folder.must("init");
    await folder.must("apply", "-auto-approve");
    expect((await folder.run("plan", "-detailed-exitcode")).code).toBe(0);
    const outputs = await readOutputs();
    const group = `/subscriptions/${team.subscriptionId}/resourceGroups/rg-pr-7`;
    const cluster = `${group}/providers/Microsoft.ContainerService/managedClusters/${outputs["cluster_name"]}`;

    // The registry answers on its login server, and the kubelet may pull from it.
    const registry = azure.acr.find(`${outputs["registry_login_server"]}`);
    const kubelet = asObject(propertiesOf(azure.arm.find(cluster)?.body)["identityProfile"])?.["kubeletidentity"];
    const pulls = "Microsoft.ContainerRegistry/registries/pull/read";
    const objectId = `${asObject(kubelet)?.["objectId"]}`;
    expect(azure.arm.world.authorization.allowed({ objectId }, pulls, registry?.id ?? "")).toBe(true);
    // A pod logs in as the workload, with the token that its cluster signs.
    const login = (serviceAccount: string) =>
      postToken(azure, team, {
        assertion: azure.aks.workloadToken({ cluster, namespace: "shop", serviceAccount }),
        form: { client_id: `${outputs["workload_identity_client_id"]}` },
      });
    expect((await login("worker")).status).toBe(200);
    expect((await login("stranger")).json["error_codes"]).toEqual([700213]);
    // The reaper finds the group by its tags, and sees that the nodes' group is the cluster's.
    const ask = asking(azure, team);
    const listed = await ask(
      "GET",
      `/subscriptions/${team.subscriptionId}/resourcegroups?$filter=tagName eq 'auto-destroy' and tagValue eq 'true'`,
    );
    expect(listed.names).toEqual([outputs["node_resource_group"], "rg-pr-7"]);
    expect((listed.json["value"] as readonly { managedBy?: string }[]).map(({ managedBy }) => managedBy)).toEqual([
      cluster,
      undefined,
    ]);
    expect(azure.storageAccounts.containers("stpr7abc123")).toEqual(["data"]);

    await folder.must("apply", "-auto-approve", "-var", "head_sha=1111111");
    expect(azure.arm.find(cluster)?.body).toMatchObject({ tags: { "mayfly-head-sha": "1111111" } });
    expect((await folder.run("plan", "-detailed-exitcode", "-var", "head_sha=1111111")).code).toBe(0);
    await folder.must("destroy", "-auto-approve");
    expect(left()).toEqual(before);
    expect(azure.traffic.refused()).toEqual([]);
    expect(apiVersions()).toMatchObject(API_VERSIONS);
  });
});

describe("a cluster that fails to come", () => {
  const CLUSTER = `
provider "azurerm" {
  features {
    persist_id_on_create_before_polling_for_completion = true
  }
}
resource "azurerm_resource_group" "this" {
  name     = "rg"
  location = "westeurope"
}
resource "azurerm_kubernetes_cluster" "this" {
  name                = "aks"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  dns_prefix          = "aks"
  identity {
    type = "SystemAssigned"
  }
  default_node_pool {
    name       = "system"
    vm_size    = "Standard_D2s_v5"
    node_count = 1
    upgrade_settings {
      max_surge = "10%"
    }
  }
  node_provisioning_profile {
    mode = "Manual"
  }
}
`;
  beforeEach(() => open(CLUSTER));

  test("is told with Azure's reason, kept as tainted, and made anew; a lock on its group holds the destroy up", async () => {
    const error = {
      code: "ErrCode_InsufficientVCPUQuota",
      message: "Insufficient vcpu quota requested 2, remaining 0",
    };
    azure.arm.planOperation({ of: /managedClusters\/aks$/, verb: "write", error });
    await folder.must("init");
    const failed = await folder.run("apply", "-auto-approve");
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/polling after CreateOrUpdate: polling failed[\s\S]*Insufficient vcpu quota/);
    expect((await folder.must("plan")).stdout).toMatch(/azurerm_kubernetes_cluster.this is tainted/);
    await folder.must("apply", "-auto-approve");
    expect((await folder.run("plan", "-detailed-exitcode")).code).toBe(0);

    const scope = `/subscriptions/${team.subscriptionId}/resourceGroups/rg`;
    const lock = azure.arm.addLock(scope, { name: "keep", level: "CanNotDelete" });
    const refused = await folder.run("destroy", "-auto-approve");
    expect(refused.stderr).toContain("ScopeLocked");
    azure.arm.remove(lock.id);
    await folder.must("destroy", "-auto-approve");
    expect(azure.arm.groups(team.subscriptionId)).toEqual([]);
  });
});

describe("a refusal", () => {
  test("of one ID token in mid-run fails the apply, though the access token is good, and leaves what the state does not know", async () => {
    await open(`provider "azurerm" {
  features {}
}
resource "azurerm_resource_group" "this" {
  name     = "rg"
  location = "westeurope"
}
`);
    const refuse = () =>
      azure.faults.add(
        { name: "id-token", when: { host: /\.actions\.githubusercontent\.com$/ }, times: 1 },
        { kind: "respond", status: 403, body: { message: "forbidden" } },
      );
    azure.faults.add(
      { name: "while the group is made", when: { method: "PUT", path: /resourcegroups\/rg$/i }, times: 1 },
      { kind: "meanwhile", run: refuse },
    );
    await folder.must("init");
    expect((await folder.run("apply", "-auto-approve")).stderr).toMatch(/403/);
    expect(azure.traffic.find({ host: "management.azure.com" }).some(({ status }) => status === 401)).toBe(false);
    expect(azure.arm.groups(team.subscriptionId)).toHaveLength(1);
    expect((await folder.run("apply", "-auto-approve")).stderr).toMatch(/already exists/);
  });

  test("by Azure's own rules is told word for word, all of them at once, and what can be made is made", async () => {
    await open(await readFile(join(import.meta.dirname, "../terraform/fixtures/refused/main.tf"), "utf8"));
    const on: Readonly<Record<keyof typeof REFUSALS, RegExp>> = {
      policy: /userAssignedIdentities\/denied$/,
      quota: /managedClusters\/large$/,
      clusterBusy: /managedClusters\/busy$/,
      unregistered: /workspaces\/logs$/,
      registryNameTaken: /registries\/taken$/,
      principalNotSpread: /roleAssignments\//,
    };
    for (const [name, refusal] of Object.entries(REFUSALS))
      azure.faults.add({ name, when: { method: "PUT", path: on[name as keyof typeof REFUSALS] }, times: 1 }, refusal);
    await folder.must("init");
    const { stderr } = await folder.run("apply", "-auto-approve");
    for (const words of [
      "(403 Forbidden) with error: RequestDisallowedByPolicy: Resource was disallowed",
      '(400 Bad Request) with response: {"code":"ErrCode_InsufficientVCPUQuota"',
      "(409 Conflict) with error: OperationNotAllowed: Operation is not allowed because",
      "(409 Conflict) with error: MissingSubscriptionRegistration: The subscription is not registered",
      "(409 Conflict) with error: AlreadyInUse: The registry DNS name",
    ])
      expect(stderr).toContain(words);
    // A principal that has not spread yet is waited for.
    expect(stderr).not.toContain("PrincipalNotFound");
    expect(azure.faults.struck).toEqual(new Map(Object.keys(REFUSALS).map((name) => [name, 1])));
    await folder.must("apply", "-auto-approve");
    expect((await folder.run("plan", "-detailed-exitcode")).code).toBe(0);
  });
});

async function readOutputs(): Promise<Readonly<Record<string, unknown>>> {
  const { stdout } = await folder.must("output", "-json");
  const all = JSON.parse(stdout) as Readonly<Record<string, { readonly value: unknown }>>;
  return Object.fromEntries(Object.entries(all).map(([name, { value }]) => [name, value]));
}

/** What the provider speaks to each type: another version of it may need answers that nobody has looked at. */
const API_VERSIONS: Readonly<Record<string, string>> = {
  "microsoft.resources/resourcegroups": "2023-07-01",
  "microsoft.containerservice/managedclusters": "2025-10-01",
  "microsoft.containerservice/managedclusters/agentpools": "2025-10-01",
  "microsoft.containerregistry/registries": "2025-11-01",
  "microsoft.keyvault/vaults": "2026-02-01",
  "microsoft.managedidentity/userassignedidentities": "2024-11-30",
  "microsoft.managedidentity/userassignedidentities/federatedidentitycredentials": "2024-11-30",
  "microsoft.authorization/roleassignments": "2022-04-01",
  "microsoft.network/virtualnetworks": "2025-01-01",
  "microsoft.network/virtualnetworks/subnets": "2025-01-01",
  "microsoft.storage/storageaccounts": "2025-08-01",
  "microsoft.operationalinsights/workspaces": "2025-07-01",
};

/** The api-version of the PUTs of each type, in lower case. */
function apiVersions(): Readonly<Record<string, string>> {
  const puts = azure.traffic.find({ method: "PUT", host: "management.azure.com" });
  return Object.fromEntries(
    puts.map(({ path, query }) => [
      (parseResourceId(path) ?? parseCollection(path))?.type.toLowerCase() ?? path,
      `${query["api-version"]}`,
    ]),
  );
}
