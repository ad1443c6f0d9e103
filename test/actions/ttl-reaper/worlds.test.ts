import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { judgeDelete } from "./oracle.ts";
import { group, simulate } from "./simulation.ts";
import { playWorld, type WorldPlan, worldPlans } from "./worlds.ts";

const SLICE = Number(process.env["MAYFLY_WORLDS"] ?? 800);

test("not one wrongful deletion in random worlds", async () => {
  let deletes = 0;
  await fc.assert(
    fc.asyncProperty(worldPlans, async (plan) => {
      const result = await playWorld(plan);
      deletes += result.deletes;
      expect(result.faults).toEqual([]);
    }),
    { numRuns: SLICE },
  );
  // A reaper that deletes nothing would pass the above.

  expect(deletes).toBeGreaterThan(SLICE / 10);
}, 600_000);

const calm: WorldPlan = {
  groups: [],
  lockedAtFirst: [],
  deniedAtFirst: [],
  events: [],
  skewMs: 0,
  latencyMs: 20,
  given: {},
};

test("in a calm world everything that has expired is deleted", async () => {
  const past = { "auto-destroy": "true", "expires-at": "2026-11-21T09:00:00Z" };
  const healthy = { state: "Succeeded", managed: false, prefix: "pr-", course: "gone" } as const;
  const groups = [
    { ...healthy, tags: past },
    { ...healthy, tags: past },
    { ...healthy, tags: { ...past, "auto-destroy": "no" } },
  ];
  expect(await playWorld({ ...calm, groups })).toEqual({ faults: [], deletes: 2 });
});

test.each([
  ["its time had not come", { "auto-destroy": "true", "expires-at": "2026-11-21T10:00:00Z" }, {}],
  ["its date is a doubt", { "auto-destroy": "true", "expires-at": "12" }, {}],
  ["not marked", { "expires-at": "2026-11-21T08:00:00Z" }, {}],
  ["its date is a doubt", { "auto-destroy": "true", "expires-at": "2026-11-21T08:00:00Z", "Expires-At": "x" }, {}],
  ["managed", { "auto-destroy": "true", "expires-at": "2026-11-21T08:00:00Z" }, { managedBy: "/x" }],
])("the judge sees a wrongful delete: %s", (fault, tags, more) => {
  const simulation = simulate({ now: new Date("2026-11-21T09:17:00Z"), groups: [] });
  const facts = group("pr-1", tags, more);
  const one = { name: "pr-1", at: simulation.now(), skewMs: 0, seen: facts, locks: [] };
  const scope = { prefix: "pr-", graceMs: 0, maxDeletions: 20, dryRun: false };
  expect(judgeDelete(one, simulation, calm, scope)).toContain(`pr-1: ${fault}`);
});
