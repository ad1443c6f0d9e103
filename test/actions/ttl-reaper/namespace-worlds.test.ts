import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { NamespaceFacts } from "../../../src/ttl/namespace.ts";
import type { Removed } from "./cluster-simulation.ts";
import { judgeRemoval, type NamespaceWorld, namespaceWorlds, playNamespaceWorld } from "./namespace-worlds.ts";

const SLICE = Number(process.env["MAYFLY_WORLDS"] ?? 500);

test("not one namespace wrongly deleted in random worlds", async () => {
  let deletes = 0;
  await fc.assert(
    fc.asyncProperty(namespaceWorlds, async (plan) => {
      const result = await playNamespaceWorld(plan);
      deletes += result.deletes;
      expect(result.faults).toEqual([]);
    }),
    { numRuns: SLICE },
  );
  // A reaper that deletes nothing would pass the above.

  expect(deletes).toBeGreaterThan(SLICE / 10);
}, 600_000);

const PAST = { labels: { "auto-destroy": "true" }, annotations: { "expires-at": "2026-11-21T09:00:00Z" } };

test("in a calm world every namespace that has expired is deleted", async () => {
  const healthy = { prefix: "pr-", deleting: false, course: "gone" } as const;
  const calm: NamespaceWorld = {
    namespaces: [
      { ...healthy, ...PAST },
      { ...healthy, ...PAST },
      { ...healthy, ...PAST, labels: {} },
    ],
    events: [],
    skewMs: 0,
    latencyMs: 20,
    given: {},
  };
  expect(await playNamespaceWorld(calm)).toEqual({ faults: [], deletes: 2 });
});

const facts = (more: Partial<NamespaceFacts> = {}): NamespaceFacts => ({
  name: "pr-1",
  uid: "u",
  resourceVersion: "1",
  deleting: false,
  ...PAST,
  ...more,
});

test.each<readonly [string, Partial<Removed>]>([
  ["deleted without a look", { seen: undefined }],
  ["another one of the same name", { live: facts({ uid: "other" }) }],
  ["another one of the same name", { plannedUid: "before" }],
  ["edited since the look", { live: facts({ resourceVersion: "2" }) }],
  ["of the system", { name: "kube-1" }],
  ["not marked", { live: facts({ labels: {} }) }],
  ["a no beside the yes", { live: facts({ annotations: { ...PAST.annotations, "auto-destroy": "false" } }) }],
  ["two dates", { live: facts({ labels: { ...PAST.labels, "Expires-At": "x" } }) }],
  ["its date is a doubt", { live: facts({ annotations: { "expires-at": "12" } }) }],
  ["its time had not come", { live: facts({ annotations: { "expires-at": "2026-11-21T09:18:00Z" } }) }],
  ["the clocks disagreed", { skewMs: undefined }],
])("the judge sees a wrongful delete: %s", (fault, more) => {
  const at = Date.parse("2026-11-21T09:17:00Z");
  const one: Removed = {
    name: "pr-1",
    uid: "u",
    at,
    skewMs: 0,
    plannedUid: "u",
    seen: facts(),
    live: facts(),
    ...more,
  };
  expect(judgeRemoval(one, { prefix: "", graceMs: 0, dryRun: false })).toContain(fault);
});
