import { describe, expect, test } from "@jest/globals";
import { run } from "../../../src/actions/ttl-reaper/run.ts";
import { inputs } from "./inputs.ts";
import { group, type SimulatedGroup, type SimulationOptions, simulate } from "./simulation.ts";

const NOW = new Date("2026-11-21T09:17:00Z");
const PAST = { "auto-destroy": "true", "expires-at": "2026-11-21T08:00:00Z" };
const FUTURE = { "auto-destroy": "true", "expires-at": "2026-11-22T08:00:00Z" };

function fleet(...names: readonly string[]): SimulationOptions["groups"] {
  return names.map((name) => ({ facts: group(name, PAST) }));
}

const deletedNames = (simulation: ReturnType<typeof simulate>): readonly string[] =>
  simulation.deletes.map(({ name }) => name).sort();

function editTags(simulation: ReturnType<typeof simulate>, name: string, tags: Readonly<Record<string, string>>): void {
  const one = simulation.groups.get(name) as SimulatedGroup;
  one.facts = { ...one.facts, tags };
}

describe("a reap", () => {
  test("deletes exactly what has expired, and counts a group as deleted only when ARM answers 404", async () => {
    const simulation = simulate({
      now: NOW,
      groups: [...fleet("pr-1", "pr-2"), { facts: group("pr-3", FUTURE) }, { facts: group("prod", {}) }],
    });
    const { outputs, failure } = await run(inputs(), simulation.world);
    expect(failure).toBeUndefined();
    expect(deletedNames(simulation)).toEqual(["pr-1", "pr-2"]);
    expect([...simulation.groups.keys()]).toEqual(["pr-3", "prod"]);
    expect(outputs).toMatchObject({
      marked: 3,
      expired: 2,
      deleted: 2,
      kept: 1,
      odd: 0,
      fuse: "holds",
      "next-expiry": "2026-11-22T08:00:00Z",
    });
    const found404 = simulation.requests.filter(({ call, name }) => call === "find" && name === "pr-1");
    expect(found404.at(-1)?.at).toBeGreaterThanOrEqual(simulation.deletes[0]?.at ?? Number.NaN);
  });

  test("deletes nothing in a dry run, which sees the same plan", async () => {
    const simulation = simulate({ now: NOW, groups: fleet("pr-1", "pr-2") });
    const { outputs, failure } = await run(inputs({ "dry-run": "true" }), simulation.world);
    expect(failure).toBeUndefined();
    expect(simulation.deletes).toEqual([]);
    expect(outputs).toMatchObject({ expired: 2, deleted: 0, skipped: 0 });
    expect(simulation.summaries.join()).toContain("2 resource groups would be deleted");
  });

  test("dry run is the default", () => {
    expect(inputs({ "dry-run": "" }).dryRun).toBe(true);
  });

  test.each([
    [{ "all-names": "false" }, "neither was given"],
    [{ "all-names": "true", "name-prefix": "pr-" }, "both were given"],
  ])("wants to know which names it may touch: %j", async (given, words) => {
    const simulation = simulate({ now: NOW, groups: fleet("pr-1") });
    await expect(run(inputs(given), simulation.world)).rejects.toMatchObject({
      code: "bad-input",
      message: expect.stringContaining(words),
    });
    expect(simulation.requests).toEqual([]);
  });

  test("touches only names with the prefix", async () => {
    const simulation = simulate({ now: NOW, groups: fleet("pr-1", "ci-1") });
    await run(inputs({ "all-names": "false", "name-prefix": "PR-" }), simulation.world);
    expect(deletedNames(simulation)).toEqual(["pr-1"]);
  });

  test("a tripped fuse deletes nothing at all", async () => {
    const simulation = simulate({ now: NOW, groups: fleet("pr-1", "pr-2", "pr-3") });
    const { failure, outputs } = await run(inputs({ "max-deletions": "2" }), simulation.world);
    expect(failure).toMatchObject({ code: "fuse-tripped" });
    expect(simulation.deletes).toEqual([]);
    expect(outputs).toMatchObject({ fuse: "tripped", deleted: 0, expired: 3 });
    expect(simulation.summaries.join()).toContain("-f max-deletions=3");
  });

  test("counts all of a fleet that is larger than anybody reads, and lists what matters most", async () => {
    const later = (n: number) => ({
      ...FUTURE,
      "expires-at": new Date(NOW.getTime() + (n + 1) * 60_000).toISOString(),
    });
    const groups = Array.from({ length: 2_500 }, (_, n) => ({ facts: group(`pr-${n}`, later(n)) }));
    const simulation = simulate({
      now: NOW,
      groups: [...groups.reverse(), ...fleet("old"), { facts: group("odd", { "auto-destroy": "true" }) }],
    });
    const { outputs } = await run(inputs(), simulation.world);
    expect(outputs).toMatchObject({
      kept: 2_500,
      odd: 1,
      deleted: 1,
      marked: 2_502,
      "next-expiry": "2026-11-21T09:18:00Z",
    });
    const summary = simulation.summaries.join();
    expect(summary).toContain("501 more groups that stay");
    expect(summary).toContain("`odd`");
    expect(summary).not.toContain("`pr-2499`");
  });

  test.each([90_000, -90_000, undefined])("a clock that is off by %p ms stops everything", async (skewMs) => {
    const simulation = simulate({ now: NOW, groups: fleet("pr-1") });
    simulation.skewMs = skewMs;
    const { failure } = await run(inputs(), simulation.world);
    expect(failure).toMatchObject({ code: "clock-skew" });
    expect(simulation.summaries.join()).toContain("Nothing was deleted, 1 resource group left alone");
    expect(simulation.deletes).toEqual([]);
  });

  test("a group expires only when both clocks say so", async () => {
    const tags = { ...PAST, "expires-at": "2026-11-21T09:16:50Z" };
    const simulation = simulate({ now: NOW, groups: [{ facts: group("pr-1", tags) }], latencyMs: () => 1 });
    simulation.skewMs = -30_000;
    const { outputs } = await run(inputs(), simulation.world);
    expect(simulation.deletes).toEqual([]);
    expect(outputs).toMatchObject({ expired: 1, skipped: 1 });
  });
});

describe("what changes between the plan and a group's turn", () => {
  const edits: readonly (readonly [string, (simulation: ReturnType<typeof simulate>) => void])[] = [
    ["extended", (s) => editTags(s, "pr-1", FUTURE)],
    ["opted out", (s) => editTags(s, "pr-1", { ...PAST, "auto-destroy": "false" })],
    ["unmarked", (s) => editTags(s, "pr-1", {})],
    ["given another tag", (s) => editTags(s, "pr-1", { ...PAST, note: "please wait" })],
    ["expired anew at another time", (s) => editTags(s, "pr-1", { ...PAST, "expires-at": "2026-11-21T07:00:00Z" })],
    ["locked", (s) => void s.locks.push({ id: "l", name: "l", level: "CanNotDelete", scope: group("pr-1", {}).id })],
    [
      "locked inside",
      (s) =>
        void s.locks.push({ id: "l", name: "l", level: "ReadOnly", scope: `${group("pr-1", {}).id}/providers/a/b/c` }),
    ],
  ];
  test.each(edits)("a group that was %s is left alone", async (_, edit) => {
    let done = false;
    const simulation = simulate({
      now: NOW,
      groups: fleet("pr-1", "pr-2"),
      before: (request, own) => {
        if (request.call === "find" && !done) {
          done = true;
          edit(own);
        }
        return undefined;
      },
    });
    const { outputs, failure } = await run(inputs({ concurrency: "1" }), simulation.world);
    expect(deletedNames(simulation)).toEqual(["pr-2"]);
    expect(outputs).toMatchObject({ deleted: 1, skipped: 1 });
    expect(failure).toBeUndefined();
  });

  test("a group that is gone when its turn comes counts as deleted, without a DELETE", async () => {
    const simulation = simulate({
      now: NOW,
      groups: fleet("pr-1"),
      before: ({ call }, own) => {
        if (call === "find") own.groups.delete("pr-1");
        return undefined;
      },
    });
    const { outputs } = await run(inputs(), simulation.world);
    expect(simulation.deletes).toEqual([]);
    expect(outputs).toMatchObject({ deleted: 1 });
  });

  test("a look that took too long to be true any more is taken again", async () => {
    let slow = 2;
    const simulation = simulate({
      now: NOW,
      groups: fleet("pr-1"),
      latencyMs: ({ call }) => {
        if (call !== "locks" || slow-- <= 0) return 20;
        return 12_000;
      },
    });
    await run(inputs(), simulation.world);
    const before = simulation.requests.findIndex(({ call }) => call === "delete");
    const looks = simulation.requests.slice(0, before).filter(({ call }) => call === "find");
    expect(looks.length).toBeGreaterThan(1);
    expect(simulation.deletes.length).toBe(1);
  });
});

describe("a delete that does not go well", () => {
  const course = (kind: "rolled-back" | "came-back" | "stuck") => [
    { facts: group("pr-1", PAST), course: kind },
    { facts: group("pr-2", PAST) },
  ];

  test.each([
    ["rolled-back", { blocked: 1, deleted: 1 }, "delete-failed"],
    ["came-back", { "came-back": 1, deleted: 1 }, "delete-failed"],
    ["stuck", { "still-deleting": 1, deleted: 1 }, undefined],
  ] as const)("%s: is told, and the others go on", async (kind, counts, code) => {
    const simulation = simulate({ now: NOW, groups: course(kind) });
    const { outputs, failure } = await run(inputs(), simulation.world);
    expect(outputs).toMatchObject(counts);
    expect(failure?.code).toBe(code);
  });

  test.each([
    ["refuse", { blocked: 1, deleted: 0 }, 1],
    ["throttle", { deleted: 1, blocked: 0 }, 1],
    ["lose-request", { deleted: 1, blocked: 0 }, 1],
    ["lose-answer", { deleted: 1, blocked: 0 }, 1],
  ] as const)("%s at the DELETE ends in %j", async (mishap, counts, arrived) => {
    let first = true;
    const simulation = simulate({
      now: NOW,
      groups: fleet("pr-1"),
      before: ({ call }) => {
        if (call !== "delete" || !first) return undefined;
        first = false;
        return mishap;
      },
    });
    const { outputs } = await run(inputs(), simulation.world);
    expect(outputs).toMatchObject(counts);
    expect(simulation.deletes.length).toBe(arrived);
  });

  test("no locks to be read, no delete", async () => {
    const simulation = simulate({
      now: NOW,
      groups: fleet("pr-1"),
      before: ({ call }, own) =>
        call === "locks" && own.requests.some((one) => one.call === "find") ? "fail-look" : undefined,
    });
    const { failure, outputs } = await run(inputs(), simulation.world);
    expect(failure?.code).toBe("delete-failed");
    expect(outputs).toMatchObject({ failed: 1 });
    expect(simulation.deletes).toEqual([]);
  });

  test("a subscription that cannot be listed fails the run", async () => {
    const simulation = simulate({
      now: NOW,
      groups: fleet("pr-1"),
      before: ({ call }) => (call === "list" ? "fail-look" : undefined),
    });
    const { failure } = await run(inputs(), simulation.world);
    expect(failure).toMatchObject({ code: "arm-unavailable" });
    expect(simulation.summaries.join()).toContain("1 of 1 subscriptions not read");
    expect(simulation.deletes).toEqual([]);
  });

  test("what an earlier run began is followed, not asked for again", async () => {
    const simulation = simulate({ now: NOW, groups: fleet("pr-1") });
    const one = simulation.groups.get("pr-1") as SimulatedGroup;
    one.facts = { ...one.facts, provisioningState: "Deleting" };
    one.endsAt = NOW.getTime() + 40_000;
    const { outputs, failure } = await run(inputs(), simulation.world);
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ deleted: 1, expired: 0 });
    expect(simulation.deletes).toEqual([]);
  });

  test("with wait: accept nobody waits", async () => {
    const simulation = simulate({ now: NOW, groups: course("stuck") });
    const { outputs, failure } = await run(inputs({ wait: "accept" }), simulation.world);
    expect(outputs).toMatchObject({ accepted: 2, deleted: 0 });
    expect(failure).toBeUndefined();
    expect(simulation.now() - NOW.getTime()).toBeLessThan(2_000);
  });
});

test("after a cancel no delete begins, and the report is true", async () => {
  const simulation = simulate({
    now: NOW,
    groups: fleet("pr-1", "pr-2", "pr-3", "pr-4"),
    before: ({ call }, own) => {
      if (call === "delete" && own.deletes.length === 1) own.cancel();
      return undefined;
    },
  });
  const { outputs, failure } = await run(inputs({ concurrency: "1" }), simulation.world);
  expect(simulation.deletes.length).toBe(2);
  expect(outputs).toMatchObject({ "still-deleting": 2, skipped: 2, deleted: 0 });
  expect(failure).toBeUndefined();
  expect(simulation.summaries.join()).toContain("The job was cancelled");
});
