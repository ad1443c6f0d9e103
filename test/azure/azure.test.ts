import { describe, expect, test } from "@jest/globals";
import { createAzure } from "./azure.ts";
import { addFleet } from "./fleet.ts";
import { sdkClient } from "./sdk.ts";
import { addTeam } from "./team.ts";

describe("the real Azure SDK against the emulator", () => {
  test("logs in with the job's ID token, lists by tag over pages, deletes and finds the group gone", async () => {
    const azure = createAzure({ frozen: true, arm: { pageSize: 3 } });
    azure.clock.tick(60_000);
    const team = addTeam(azure);
    const fleet = addFleet(azure, { subscriptionId: team.subscriptionId, groups: 20, expired: 4, odd: 8 });
    const client = sdkClient(azure, team);

    const tagged: string[] = [];
    for await (const group of client.resourceGroups.list({
      filter: "tagName eq 'auto-destroy' and tagValue eq 'true'",
    })) {
      tagged.push(group.name ?? "");
    }
    expect(tagged).toHaveLength(4 + fleet.alive.length + 7);
    expect(tagged).toEqual(expect.arrayContaining([...fleet.expired]));

    const [first = ""] = fleet.expired;
    await client.resourceGroups.delete(first);
    expect((await client.resourceGroups.checkExistence(first)).body).toBe(false);
    expect(azure.arm.groups(team.subscriptionId)).toHaveLength(19);
    expect(azure.arm.deletions).toMatchObject([{ group: first, outcome: "gone" }]);
    expect(azure.traffic.refused()).toEqual([]);
  });
});

function setUp() {
  const azure = createAzure({ frozen: true });
  azure.clock.tick(60_000);
  const team = addTeam(azure);
  const group = azure.arm.addResourceGroup({ subscriptionId: team.subscriptionId, name: "rg" });
  return { azure, team, path: group.id };
}

describe("the real SDK meets", () => {
  test("a lock as code and message of a RestError", async () => {
    const { azure, team, path } = setUp();
    azure.arm.addLock(path, { name: "keep", level: "CanNotDelete" });
    await expect(sdkClient(azure, team).resourceGroups.delete("rg")).rejects.toMatchObject({
      statusCode: 409,
      code: "ScopeLocked",
    });
  });

  test("a blocked deletion at a poll", async () => {
    const { azure, team, path } = setUp();
    const target = `${path}/providers/Microsoft.Network/virtualNetworks/net`;
    azure.arm.planDeletion(path, {
      kind: "blocked",
      by: [{ target, code: "InUseSubnetCannotBeDeleted", message: "in use" }],
    });
    await expect(sdkClient(azure, team).resourceGroups.delete("rg")).rejects.toMatchObject({
      statusCode: 409,
      code: "ResourceGroupDeletionBlocked",
    });
  });

  test("a throttled list, and gets through after the Retry-After", async () => {
    const { azure, team } = setUp();
    azure.faults.add(
      { name: "throttled", when: { path: /\/resourcegroups$/ }, times: 1 },
      { kind: "throttle", seconds: 0 },
    );
    const seen = [];
    for await (const group of sdkClient(azure, team, 1).resourceGroups.list()) seen.push(group.name);
    expect(seen).toEqual(["rg"]);
    expect(azure.traffic.find({ path: /\/resourcegroups$/ }).map(({ status }) => status)).toEqual([429, 200]);
  });

  test("a broken connection as ECONNRESET", async () => {
    const { azure, team } = setUp();
    azure.faults.add({ name: "reset", when: { host: "management.azure.com" } }, { kind: "reset" });
    await expect(sdkClient(azure, team).resourceGroups.get("rg")).rejects.toMatchObject({
      name: "RestError",
      code: "ECONNRESET",
    });
  });

  test("Entra's refusal as a message that quotes it", async () => {
    const { azure, team } = setUp();
    team.principal.federatedCredentials.length = 0;
    await expect(sdkClient(azure, team).resourceGroups.get("rg")).rejects.toThrow(
      /AADSTS700211.*No matching federated identity record found/s,
    );
  });
});
