import { expect, test } from "@jest/globals";
import { listChanges } from "../../src/ttl/changes.ts";
import type { GroupFacts } from "../../src/ttl/facts.ts";

const planned: GroupFacts = {
  id: "/subscriptions/s/resourceGroups/pr-7",
  subscriptionId: "s",
  name: "pr-7",
  location: "westeurope",
  tags: { "auto-destroy": "true", "expires-at": "2026-11-20T18:00:00Z", owner: "ann" },
  managedBy: undefined,
  provisioningState: "Succeeded",
};

test("the same group in another casing has not changed", () => {
  const tags = { "Auto-Destroy": "true", "EXPIRES-AT": "2026-11-20T18:00:00Z", Owner: "ann" };
  expect(listChanges(planned, { ...planned, id: planned.id.toUpperCase(), tags })).toEqual([]);
});

test.each<readonly [string, Partial<GroupFacts>, string]>([
  ["extended", { tags: { ...planned.tags, "expires-at": "2026-11-22T18:00:00Z" } }, "expires-at went from"],
  ["given a tag", { tags: { ...planned.tags, keep: "1" } }, "the tag keep was added"],
  ["robbed of a tag", { tags: { "auto-destroy": "true", owner: "ann" } }, "the tag expires-at was removed"],
  ["given a second casing", { tags: { ...planned.tags, Owner: "bob" } }, "the tag Owner was added"],
  ["made anew elsewhere", { location: "northeurope" }, "it moved"],
  ["taken over", { managedBy: "/x" }, "who manages it changed"],
  ["being deleted", { provisioningState: "Deleting" }, "its state went from"],
])("a group that was %s has changed", (_, edit, words) => {
  expect(listChanges(planned, { ...planned, ...edit }).join()).toContain(words);
});
