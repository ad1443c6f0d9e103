import { describe, expect, test } from "@jest/globals";
import { connectArm } from "../../src/azure/arm.ts";
import { connectEnvironmentGroups } from "../../src/azure/environment-groups.ts";
import type { TeamOptions } from "../azure/team.ts";
import { stage as stageRegistry } from "./registry-on-emulator.ts";

const TAG = "mayfly-environment";

/** A team in the emulator that may read and tag groups, and our adapter through the real SDK pipeline. */
function stage(role: NonNullable<TeamOptions["role"]> = "Tag Contributor") {
  const { azure, team, world, time, cloud, credential, cancel, waits } = stageRegistry();
  team.assign(role, `/subscriptions/${team.subscriptionId}`);
  const { subscriptionId } = team;
  return {
    azure,
    subscriptionId,
    cancel,
    waits,
    groups: connectEnvironmentGroups(connectArm({ ...world, cloud, credential, time })),
    add: (name: string, tags: Readonly<Record<string, string>>) =>
      azure.arm.addResourceGroup({ subscriptionId, name, tags }).id,
  };
}

const tagsOf = ({ azure }: Pick<ReturnType<typeof stage>, "azure">, id: string) => azure.arm.find(id)?.body["tags"];

describe("groups by a tag", () => {
  test("are those with exactly this value, whatever the name's case, over all pages", async () => {
    const { azure, groups, subscriptionId, add } = stage();
    azure.arm.settings.pageSize = 1;
    add("mayfly-pr-12", { [TAG]: "pr-12", owner: "mona" });
    add("mayfly-pr-12-data", { "Mayfly-Environment": "pr-12" });
    add("mayfly-pr-1", { [TAG]: "pr-1" });
    add("mayfly-pr-123", { [TAG]: "pr-123" });
    add("upper", { [TAG]: "PR-12" });
    add("other", { other: "pr-12" });
    const found = await groups.listByTag(subscriptionId, TAG, "pr-12");
    expect(found.map(({ name }) => name).sort()).toEqual(["mayfly-pr-12", "mayfly-pr-12-data"]);
    expect(found[0]).toMatchObject({ subscriptionId, tags: { [TAG]: "pr-12", owner: "mona" } });
    const asked = azure.traffic.find({ path: /\/resourcegroups$/i })[0];
    expect(asked?.query["$filter"]).toBe(`tagName eq '${TAG}' and tagValue eq 'pr-12'`);
  });

  test("are looked at again, since what ARM's filter lets through may be deleted", async () => {
    const { azure, groups, subscriptionId, add } = stage();
    add("mayfly-pr-12", { [TAG]: "pr-12" });
    add("mayfly-prod", { [TAG]: "prod" });
    // A filter that folds more than it should.
    azure.serve("management.azure.com", async (request, url) => {
      if (!url.searchParams.has("$filter")) return undefined;
      url.searchParams.delete("$filter");
      const answer = await azure.arm.answer({ ...request, url: url.href }, url);
      return "refused" in answer ? answer.response : answer;
    });
    const found = await groups.listByTag(subscriptionId, TAG, "pr-12");
    expect(found.map(({ name }) => name)).toEqual(["mayfly-pr-12"]);
  });

  test("may have a value with quotes", async () => {
    const { groups, subscriptionId, add } = stage();
    add("odd", { [TAG]: "it's' or tagName eq 'x" });
    expect(await groups.listByTag(subscriptionId, TAG, "it's' or tagName eq 'x")).toHaveLength(1);
    expect(await groups.listByTag(subscriptionId, TAG, "it")).toEqual([]);
  });

  test("that ARM does not show is an error that says so", async () => {
    const { azure, groups, subscriptionId } = stage();
    azure.faults.add({ name: "no", when: { path: /resourcegroups/i } }, { kind: "respond", status: 403, body: DENIED });
    await expect(groups.listByTag(subscriptionId, TAG, "pr-12")).rejects.toMatchObject({
      code: "arm-denied",
      message: expect.stringMatching(/^Cannot list the resource groups of subscription .* by the tag mayfly-env/),
    });
  });
});

const DENIED = { error: { code: "AuthorizationFailed", message: "no" } };

describe("tags that are merged", () => {
  test("leave the others alone, also those written meanwhile, and keep a name's case", async () => {
    const scene = stage();
    const { azure, groups, add } = scene;
    const id = add("mayfly-pr-12", { "Expires-At": "2026-11-21T09:00:00Z", owner: "mona" });
    const edit = () => azure.arm.tag(id, { owner: "hubot" });
    azure.faults.add({ name: "owner", when: { method: "PATCH" } }, { kind: "meanwhile", run: edit });
    await groups.mergeTags(id, { "expires-at": "2026-11-21T17:00:00Z", "mayfly-head-sha": "0123" });
    expect(tagsOf(scene, id)).toEqual({
      "Expires-At": "2026-11-21T17:00:00Z",
      owner: "hubot",
      "mayfly-head-sha": "0123",
    });
    expect(azure.traffic.find({ method: "PATCH" }).map(({ path }) => path)).toEqual([
      `${id}/providers/Microsoft.Resources/tags/default`,
    ]);
  });

  test("are sent again where ARM was busy, or its answer was lost", async () => {
    const scene = stage();
    const { azure, groups, add, waits } = scene;
    const id = add("mayfly-pr-12", {});
    azure.faults.add({ name: "429", when: { method: "PATCH" }, times: 1 }, { kind: "throttle", seconds: 7 });
    azure.faults.add(
      { name: "cut", when: { method: "PATCH" }, after: 1, times: 1 },
      { kind: "reset", carriedOut: true },
    );
    azure.faults.add({ name: "503", when: { method: "PATCH" }, after: 2, times: 1 }, { kind: "respond", status: 503 });
    await groups.mergeTags(id, { a: "1" });
    expect(tagsOf(scene, id)).toEqual({ a: "1" });
    expect(azure.traffic.find({ method: "PATCH" })).toHaveLength(4);
    expect(waits[0]).toBeGreaterThanOrEqual(7_000);
  });

  test("without the right are refused with the action, a role and the line", async () => {
    const scene = stage("Reader");
    const id = scene.add("mayfly-pr-12", { owner: "mona" });
    await expect(scene.groups.mergeTags(id, { "expires-at": "x" })).rejects.toMatchObject({
      code: "arm-denied",
      message: `Cannot set the tags expires-at of ${id}: the identity lacks the action Microsoft.Resources/tags/write.\nTo do: give it a role that has it, on the group or above:\n  az role assignment create --assignee <client-id> --role "Tag Contributor" --scope ${id}`,
    });
    expect(tagsOf(scene, id)).toEqual({ owner: "mona" });
  });

  test.each([
    [
      "a deny assignment",
      (azure: Azure, id: string) => azure.arm.addDenyAssignment(id, { name: "sealed" }),
      "arm-denied",
    ],
    [
      "a lock",
      (azure: Azure, id: string) => azure.arm.addLock(id, { name: "frozen", level: "ReadOnly" }),
      "arm-refused",
    ],
    ["the group's end", (azure: Azure, id: string) => azure.arm.remove(id), "arm-refused"],
  ])("against %s are refused once, in ARM's words", async (_, change, code) => {
    const { azure, groups, add } = stage("Contributor");
    const id = add("mayfly-pr-12", {});
    change(azure, id);
    await expect(groups.mergeTags(id, { a: "1" })).rejects.toMatchObject({ code });
    expect(azure.traffic.find({ method: "PATCH" })).toHaveLength(1);
  });

  test("are for a group, and nothing else", async () => {
    const { groups, subscriptionId } = stage();
    await expect(groups.mergeTags(`/subscriptions/${subscriptionId}`, { a: "1" })).rejects.toThrow("no resource group");
  });
});

type Azure = ReturnType<typeof stage>["azure"];
