import { describe, expect, test } from "@jest/globals";
import { asking, pathOf } from "../ask.ts";
import { createAzure } from "../azure.ts";
import { addTeam } from "../team.ts";
import type { DeletionPlan } from "./deletions.ts";
import type { ArmSettings } from "./settings.ts";

const TAGS = { "auto-destroy": "true", "expires-at": "2026-11-20T00:00:00Z" };

function setUp(arm: Partial<ArmSettings> = {}) {
  const azure = createAzure({ now: new Date("2026-11-21T09:17:00Z"), frozen: true, arm });
  const team = addTeam(azure);
  const group = azure.arm.addResourceGroup({ subscriptionId: team.subscriptionId, name: "rg-pr-7", tags: TAGS });
  const subscription = `/subscriptions/${team.subscriptionId}`;
  const path = `${subscription}/resourcegroups/rg-pr-7`;
  const ask = asking(azure, team);
  /** DELETE, the time it takes, and the answer of the operation then. */
  const deleted = async () => {
    const accepted = await ask("DELETE", path);
    if (accepted.status !== 202) return accepted;
    azure.clock.advance(45_000);
    return ask("GET", pathOf(accepted.headers["location"]));
  };
  return { azure, team, group, subscription, path, ask, deleted };
}

describe("deleting a group", () => {
  test("is accepted, followed by its Location and ends by the clock with an empty 200", async () => {
    const { azure, path, ask, subscription } = setUp();
    const accepted = await ask("DELETE", path);
    const location = `${accepted.headers["location"]}`;
    expect(accepted).toMatchObject({ status: 202, text: "" });
    expect(accepted.headers).toMatchObject({ "retry-after": "15", "cache-control": "no-cache", expires: "-1" });
    expect(accepted.headers).not.toHaveProperty("azure-asyncoperation");
    expect(location).toMatch(
      new RegExp(`^https://management\\.azure\\.com${subscription}/operationresults/[\\w-]+\\?api-version=2025-04-01$`),
    );
    const id = new URL(location).pathname.split("/").at(-1) ?? "";
    expect(JSON.parse(Buffer.from(id, "base64").toString())).toEqual({
      jobId: "RESOURCEGROUPDELETIONJOB-RG-PR-7-EASTUS",
      jobLocation: "eastus",
    });

    expect((await ask("GET", path)).json).toMatchObject({ properties: { provisioningState: "Deleting" } });
    expect(await ask("GET", pathOf(location))).toMatchObject({
      status: 202,
      text: "",
      headers: { location, "retry-after": "15" },
    });
    azure.clock.advance(45_000);
    const end = await ask("GET", pathOf(location));
    expect(end).toMatchObject({ status: 200, text: "" });
    expect(end.headers).not.toHaveProperty("location");
    expect(await ask("GET", path)).toMatchObject({
      status: 404,
      code: "ResourceGroupNotFound",
      message: "Resource group 'rg-pr-7' could not be found.",
    });
  });

  test("ends although nobody follows it, and takes what is in it along", async () => {
    const { azure, path, ask, team, group } = setUp();
    azure.arm.add(`${group.id}/providers/Microsoft.Network/virtualNetworks/net/subnets/a`);
    azure.arm.assignRole(team.principal.objectId, "Reader", group.id);
    await ask("DELETE", path);
    azure.clock.advance(45_000);
    azure.arm.settle();
    expect(azure.arm.store.below(group.id)).toEqual([]);
  });

  test("of a group that is not there is a 404", async () => {
    const { ask, subscription } = setUp();
    expect(await ask("DELETE", `${subscription}/resourcegroups/none`)).toMatchObject({
      status: 404,
      code: "ResourceGroupNotFound",
    });
  });

  test("a second time meets the first: 409, or by a switch the same operation", async () => {
    const { azure, path, ask } = setUp();
    const first = await ask("DELETE", path);
    expect(await ask("DELETE", path)).toMatchObject({ status: 409, code: "ResourceGroupBeingDeleted" });
    azure.arm.settings.secondDelete = "join";
    expect(await ask("DELETE", path)).toMatchObject({ status: 202, headers: { location: first.headers["location"] } });
    expect(azure.arm.deletions).toHaveLength(1);
  });

  test("records force-deletion types", async () => {
    const { azure, path, ask } = setUp();
    await ask("DELETE", `${path}?forceDeletionTypes=Microsoft.Compute/virtualMachines`);
    expect(azure.arm.deletions).toMatchObject([{ forceDeletionTypes: "Microsoft.Compute/virtualMachines" }]);
  });

  const outcomes: readonly {
    readonly name: string;
    readonly plan: DeletionPlan;
    readonly end: object;
    readonly state: string | undefined;
  }[] = [
    {
      name: "times out and rolls back",
      plan: { kind: "timeout" },
      end: {
        status: 409,
        code: "ResourceGroupDeletionFailed",
        message: expect.stringContaining("Resource group provisioning state rolled back."),
      },
      state: "Succeeded",
    },
    { name: "comes back", plan: { kind: "came-back" }, end: { status: 200, text: "" }, state: "Succeeded" },
    { name: "never ends", plan: { kind: "stuck" }, end: { status: 202 }, state: "Deleting" },
    { name: "takes longer", plan: { kind: "gone", seconds: 3600 }, end: { status: 202 }, state: "Deleting" },
    {
      name: "fails for another reason",
      plan: { kind: "failed", status: 409, code: "Conflict", message: "busy" },
      end: { status: 409, code: "Conflict" },
      state: "Succeeded",
    },
  ];
  test.each(outcomes)("$name", async ({ plan, end, state }) => {
    const { azure, group, deleted } = setUp();
    azure.arm.planDeletion(group.id, plan);
    expect(await deleted()).toMatchObject(end);
    expect(azure.arm.find(group.id)?.body).toMatchObject({ tags: TAGS, properties: { provisioningState: state } });
  });

  test("blocked by a child deletes the rest, rolls back and names the child in a text of JSON", async () => {
    const { azure, group, deleted } = setUp();
    const network = azure.arm.add(`${group.id}/providers/Microsoft.Network/virtualNetworks/net`, {
      location: "eastus",
    });
    const account = azure.arm.add(`${group.id}/providers/Microsoft.Storage/storageAccounts/data`, {
      location: "eastus",
    });
    const blocker = { target: network.id, code: "InUseSubnetCannotBeDeleted", message: "Subnet a is in use." };
    azure.arm.planDeletion(group.id, { kind: "blocked", by: [blocker] });
    const { status, code, message, json } = await deleted();
    expect({ status, code }).toEqual({ status: 409, code: "ResourceGroupDeletionBlocked" });
    expect(message).toMatch(
      /^Deletion of resource group 'rg-pr-7' failed as resources with identifiers 'Microsoft.Network\/virtualNetworks\/net' could not be deleted\. .* The tracking Id is '[\w-]+'\./,
    );
    const [detail] = (json["error"] as { details: { target: string; message: string }[] }).details;
    expect(detail?.target).toBe(network.id);
    expect(JSON.parse(`${detail?.message}`)).toMatchObject({ error: { code: "InUseSubnetCannotBeDeleted" } });
    expect(azure.arm.find(group.id)?.body).toMatchObject({ properties: { provisioningState: "Succeeded" } });
    expect(azure.arm.find(network.id)).toBeDefined();
    expect(azure.arm.find(account.id)).toBeUndefined();
  });

  test.each([
    { at: "the subscription", scope: (group: string) => group.split("/resourceGroups")[0] ?? "" },
    { at: "the group", scope: (group: string) => group },
    { at: "a resource inside", scope: (group: string) => `${group}/providers/Microsoft.Storage/storageAccounts/data` },
  ])("is refused at once by a lock on $at, and goes through the night after", async ({ scope }) => {
    const { azure, team, group, deleted } = setUp();
    const at = scope(group.id);
    if (azure.arm.find(at) === undefined) azure.arm.add(at);
    const lock = azure.arm.addLock(at, { name: "keep", level: "CanNotDelete" });
    expect(await deleted()).toMatchObject({
      status: 409,
      code: "ScopeLocked",
      message: `The scope '${group.id}' cannot perform delete operation because following scope(s) are locked: '${at}'. Please remove the lock and try again.`,
    });
    azure.arm.remove(lock.id);
    azure.clock.advance(24 * 3600 * 1000);
    expect((await asking(azure, team)("DELETE", group.id)).status).toBe(202);
    azure.clock.advance(45_000);
    expect(azure.arm.find(group.id)).toBeUndefined();
  });

  test("is refused for as long as a removed lock lingers", async () => {
    const { azure, group, deleted } = setUp({ lockLingerSeconds: 60 });
    azure.arm.remove(azure.arm.addLock(group.id, { name: "keep", level: "ReadOnly" }).id);
    expect((await deleted()).code).toBe("ScopeLocked");
    azure.clock.advance(60_000);
    expect((await deleted()).status).toBe(200);
  });

  test("is refused by a deny assignment although the role allows it", async () => {
    const { azure, group, deleted } = setUp();
    azure.arm.addDenyAssignment(group.id, { name: "system protected" });
    const { status, code, message } = await deleted();
    expect({ status, code }).toEqual({ status: 403, code: "DenyAssignmentAuthorizationFailed" });
    expect(message).toContain(
      "has permission to perform action 'Microsoft.Resources/subscriptions/resourceGroups/delete'",
    );
    expect(message).toContain("deny assignment with name 'system protected'");
  });

  test("is refused during a deployment only where the switch says so", async () => {
    const { azure, group, deleted } = setUp({ deploymentsBlock: true });
    azure.arm.add(`${group.id}/providers/Microsoft.Resources/deployments/main`, {
      properties: { provisioningState: "Running" },
    });
    expect((await deleted()).code).toBe("DeploymentActive");
    azure.arm.settings.deploymentsBlock = false;
    expect((await deleted()).status).toBe(200);
  });

  test("may not be followed without the right to read operations, where that is needed", async () => {
    const { azure, team, group, subscription, path } = setUp();
    const objectId = "0b1ec700-0000-4000-8000-00000000000f";
    const principal = azure.entra.addApplication({ tenantId: team.tenantId, clientId: "deleter", objectId });
    azure.arm.assignRole(
      objectId,
      { actions: ["Microsoft.Resources/subscriptions/resourceGroups/delete"] },
      subscription,
    );
    const ask = asking(azure, { principal });
    const { headers } = await ask("DELETE", path);
    expect(await ask("GET", pathOf(headers["location"]))).toMatchObject({ status: 403, code: "AuthorizationFailed" });
    azure.arm.settings.operationReadNeeded = false;
    expect((await ask("GET", pathOf(headers["location"]))).status).toBe(202);
    expect(group.body).toMatchObject({ properties: { provisioningState: "Deleting" } });
  });

  const switches: readonly {
    readonly name: string;
    readonly arm: Partial<ArmSettings>;
    readonly look: (set: ReturnType<typeof setUp>) => Promise<unknown>;
    readonly seen: unknown;
  }[] = [
    {
      name: "a finished poll of 204",
      arm: { finishedStatus: 204 },
      look: async ({ deleted }) => (await deleted()).status,
      seen: 204,
    },
    {
      name: "an initial Retry-After of 0",
      arm: { initialRetryAfterSeconds: 0 },
      look: async ({ ask, path }) => (await ask("DELETE", path)).headers["retry-after"],
      seen: "0",
    },
    {
      name: "an escaped name in the operation's id",
      arm: { escapedOperationIds: true },
      look: async ({ ask, path }) =>
        Buffer.from(
          pathOf((await ask("DELETE", path)).headers["location"])
            .split(/[/?]/)
            .at(-2) ?? "",
          "base64",
        ).toString(),
      seen: expect.stringContaining("JOB-RG:2DPR:2D7-EASTUS"),
    },
    {
      name: "a group that is still listed for a while",
      arm: { listedAfterGoneSeconds: 60 },
      look: async ({ deleted, ask, path, subscription }) => {
        await deleted();
        return [(await ask("GET", path)).status, (await ask("GET", `${subscription}/resourcegroups`)).names];
      },
      seen: [404, ["rg-pr-7"]],
    },
    {
      name: "role assignments that stay",
      arm: { assignmentsVanish: false },
      look: async ({ azure, team, group, deleted }) => {
        azure.arm.assignRole(team.principal.objectId, "Reader", group.id);
        await deleted();
        return azure.arm.store.below(group.id).length;
      },
      seen: 1,
    },
  ];
  test.each(switches)("has a switch for $name", async ({ arm, look, seen }) => {
    expect(await look(setUp(arm))).toEqual(seen);
  });

  test("shows deleted resources in a rolled-back group for a while, by a switch", async () => {
    const { azure, group, path, ask, deleted } = setUp({ staleResourcesSeconds: 600 });
    azure.arm.add(`${group.id}/providers/Microsoft.Storage/storageAccounts/data`, { location: "eastus" });
    azure.arm.planDeletion(group.id, { kind: "blocked", by: [{ target: "/none", code: "x", message: "x" }] });
    await deleted();
    expect((await ask("GET", `${path}/resources`)).names).toEqual(["data"]);
    azure.clock.advance(600_000);
    expect((await ask("GET", `${path}/resources`)).names).toEqual([]);
  });
});
