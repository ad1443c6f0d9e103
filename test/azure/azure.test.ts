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
