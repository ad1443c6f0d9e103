import { describe, expect, test } from "@jest/globals";
import { run } from "../../../src/actions/ttl-reaper/run.ts";
import { inputs } from "./inputs.ts";
import { deletedNames, editTags, FUTURE, fleet, NOW, PAST } from "./night.ts";
import { group, simulate } from "./simulation.ts";

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
    expect(JSON.parse(simulation.reports[0] ?? "{}")).toMatchObject({
      complete: true,
      longestWindowMs: expect.any(Number),
    });
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
