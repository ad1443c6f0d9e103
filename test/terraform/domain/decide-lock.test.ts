import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { decideLock, type LockFacts, type RunState } from "../../../src/terraform/decide-lock.ts";
import type { LockInfo } from "../../../src/terraform/lock-info.ts";
import type { RunNote } from "../../../src/terraform/run-note.ts";
import { listDoubts } from "./lock-oracle.ts";

const at = (clock: string): Date => new Date(`2026-11-21T${clock}Z`);

const LOCK: LockInfo = {
  id: "564ffa5e",
  path: "tfstate/pr-12",
  operation: "OperationTypeApply",
  who: "runner@fv-az1",
  version: "1.11.4",
  created: at("08:00:05"),
};
const NOTE: RunNote = {
  repository: "octo/shop",
  repositoryId: "1",
  runId: 123,
  attempt: 1,
  job: "deploy",
  runnerEnvironment: "github-hosted",
  host: "fv-az1",
  runner: "GitHub Actions 1",
  startedAt: at("08:00:00"),
  command: "apply",
};
const OVER: RunState = { status: "completed", attempt: 1, startedAt: at("07:59:00"), endedAt: at("08:02:00") };
const STALE: LockFacts = { lock: LOCK, note: NOTE, run: OVER, now: at("08:05:00") };

describe("a lock", () => {
  test("of a run that is over is stale, and says of which", () => {
    expect(decideLock(STALE)).toEqual({
      kind: "stale",
      because: "left behind by run #123 of octo/shop (apply), which ended 3m ago",
    });
  });

  test("of a run that goes on is held, and says for how long", () => {
    const run = { ...OVER, status: "in_progress", endedAt: undefined };
    expect(decideLock({ ...STALE, run, now: at("08:02:10") })).toEqual({
      kind: "held",
      because: "held by run #123 of octo/shop (apply, for 2m)",
    });
  });

  test("of an older attempt of a run that was started again is stale", () => {
    const run = { status: "in_progress", attempt: 2, startedAt: at("08:03:00") };
    expect(decideLock({ ...STALE, run }).kind).toBe("stale");
    expect(decideLock({ ...STALE, run: { status: "in_progress", attempt: 2 } }).kind).toBe("unproven");
  });

  test("of a run that ended a moment ago is held: its machine may still write", () => {
    expect(decideLock({ ...STALE, now: at("08:02:29") }).kind).toBe("held");
    expect(decideLock({ ...STALE, now: at("08:02:30") }).kind).toBe("stale");
  });

  test.each<readonly [string, Partial<LockFacts>, RegExp]>([
    ["there is no note", { note: undefined }, /no note/],
    ["the note names no run", { note: { ...NOTE, runId: 0 } }, /no note/],
    ["the note names no machine", { note: { ...NOTE, host: "" }, lock: { ...LOCK, who: "runner@" } }, /no note/],
    ["it says nothing of itself", { lock: undefined }, /whose it is/],
    ["it has no id", { lock: { ...LOCK, id: "" } }, /whose it is/],
    ["it has no time", { lock: { ...LOCK, created: undefined } }, /since when/],
    ["GitHub knows no such run", { run: undefined }, /GitHub does not tell of run #123/],
    ["GitHub tells of an older attempt", { note: { ...NOTE, attempt: 2 } }, /only of attempt 1/],
    ["another machine took it", { lock: { ...LOCK, who: "me@laptop" } }, /taken by me@laptop/],
    ["a machine took it whose name only ends alike", { lock: { ...LOCK, who: "me@x-fv-az1" } }, /taken by/],
    ["it is older than the run", { lock: { ...LOCK, created: at("07:59:54") } }, /older than/],
    ["it is younger than the run", { lock: { ...LOCK, created: at("08:03:01") } }, /after run #123/],
    ["its time is no time", { lock: { ...LOCK, created: new Date(Number.NaN) } }, /older than/],
    ["the note's time is no time", { note: { ...NOTE, startedAt: new Date(Number.NaN) } }, /older than/],
    ["the run's end is no time", { run: { ...OVER, endedAt: new Date(Number.NaN) } }, /after run #123/],
    ["nobody knows when the run ended", { run: { ...OVER, endedAt: undefined } }, /nobody knows since when/],
    [
      "the machine outlives its job",
      { note: { ...NOTE, runnerEnvironment: "self-hosted" } },
      /self-hosted machine fv-az1/,
    ],
  ])("is not proven stale when %s", (_, facts, because) => {
    const verdict = decideLock({ ...STALE, ...facts });
    expect(verdict).toEqual({ kind: "unproven", because: expect.stringMatching(because) });
  });

  test("is stale exactly when an independent look finds no doubt at all", () => {
    const near = (clock: string, spreadSeconds: number): fc.Arbitrary<Date> =>
      fc
        .integer({ min: -spreadSeconds * 10, max: spreadSeconds * 10 })
        .map((tenths) => new Date(at(clock).getTime() + tenths * 100));
    const sometimes = <T>(value: T, ...others: readonly T[]): fc.Arbitrary<T> =>
      fc.oneof(
        { weight: 12, arbitrary: fc.constant(value) },
        { weight: 1, arbitrary: fc.constantFrom(value, ...others) },
      );
    const facts: fc.Arbitrary<LockFacts> = fc.record({
      lock: fc.oneof(
        { weight: 1, arbitrary: fc.constant(undefined) },
        {
          weight: 20,
          arbitrary: fc.record({
            id: sometimes("564ffa5e", ""),
            path: fc.constant(""),
            operation: fc.constant("OperationTypeApply"),
            who: sometimes("runner@fv-az1", "runner@fv-az2", "@", "", "fv-az1", "a@b@fv-az1", "runner@x@fv-az1 "),
            version: fc.constant("1.11.4"),
            created: fc.oneof(
              { weight: 12, arbitrary: fc.oneof(near("08:00:00", 12), near("08:02:00", 70)) },
              { weight: 1, arbitrary: fc.constant(undefined) },
            ),
          }),
        },
      ),
      note: fc.oneof(
        { weight: 1, arbitrary: fc.constant(undefined) },
        {
          weight: 20,
          arbitrary: fc.record({
            ...Object.fromEntries(Object.entries(NOTE).map(([name, value]) => [name, fc.constant(value)])),
            runId: sometimes(123, 0),
            attempt: sometimes(1, 2, 3),
            host: sometimes("fv-az1", "fv-az2", ""),
            runnerEnvironment: sometimes("github-hosted", "self-hosted"),
          }) as fc.Arbitrary<RunNote>,
        },
      ),
      run: fc.oneof(
        { weight: 1, arbitrary: fc.constant(undefined) },
        {
          weight: 20,
          arbitrary: fc.record({
            status: sometimes("completed", "in_progress", "queued", "waiting", ""),
            attempt: sometimes(1, 2, 3),
            startedAt: fc.oneof(near("08:02:00", 70), fc.constant(undefined)),
            endedAt: fc.oneof(
              { weight: 8, arbitrary: near("08:02:00", 70) },
              { weight: 1, arbitrary: fc.constant(undefined) },
            ),
          }),
        },
      ),
      now: near("08:03:30", 150),
    });
    let stale = 0;
    fc.assert(
      fc.property(facts, (one) => {
        const released = decideLock(one).kind === "stale";
        expect(released).toBe(listDoubts(one).length === 0);
        if (released) stale += 1;
      }),
      { numRuns: 6_000 },
    );
    // A test of nothing but doubts would prove nothing.
    expect(stale).toBeGreaterThan(300);
  });
});
