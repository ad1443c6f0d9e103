import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { decideLock, type LockFacts, type RunState } from "../../src/helm/decide-lock.ts";
import type { ReleaseStatus } from "../../src/helm/release-record.ts";
import type { RunLabels } from "../../src/helm/run-labels.ts";

const at = (clock: string): Date => new Date(`2026-11-21T${clock}Z`);

const LABELS: RunLabels = {
  repositoryId: "42",
  runId: 123,
  attempt: 1,
  job: "deploy",
  runnerEnvironment: "github-hosted",
  revision: 5,
};
const OVER: RunState = { status: "completed", attempt: 1, startedAt: at("07:59:00"), endedAt: at("08:02:00") };
const RECORD: LockFacts["record"] = {
  revision: 5,
  status: "pending-upgrade",
  deployedAt: "2026-11-21T08:00:05.123456789Z",
};
const STALE: LockFacts = {
  record: RECORD,
  labels: LABELS,
  job: { repositoryId: "42" },
  run: OVER,
  now: at("08:05:00"),
  policy: "clear-stale",
};

describe("a release", () => {
  test.each<ReleaseStatus>(["deployed", "failed", "superseded", "uninstalled"])("that is %s is free", (status) => {
    expect(decideLock({ ...STALE, record: { ...RECORD, status } }).do).toBe("go");
  });

  test.each<ReleaseStatus>(["uninstalling", "unknown"])("that is %s is left alone, and says why", (status) => {
    const decided = decideLock({ ...STALE, record: { ...RECORD, status } });
    expect(decided.do).toBe("refuse");
    expect(decided.why).not.toBe("");
  });

  test("that a run began to take away is taken away to its end, once that run is over", () => {
    const record = { ...RECORD, status: "uninstalling" as const };
    const labels = { ...LABELS, uninstalling: true };
    const why = "run #123 left it behind, and ended 3m ago";
    expect(decideLock({ ...STALE, record, labels })).toEqual({ do: "finish", why });
    const run = { ...OVER, status: "in_progress", endedAt: undefined };
    expect(decideLock({ ...STALE, record, labels, run }).do).toBe("wait");
    expect(decideLock({ ...STALE, record, labels, policy: "wait" }).do).toBe("refuse");
    expect(decideLock({ ...STALE, record, labels, run: undefined }).do).toBe("refuse");
  });

  test.each<ReleaseStatus>(["pending-install", "pending-upgrade", "pending-rollback"])(
    "that a run has left %s is cleared, and says whose it was",
    (status) => {
      expect(decideLock({ ...STALE, record: { ...RECORD, status } })).toEqual({
        do: "clear",
        why: "run #123 left it behind, and ended 3m ago",
      });
    },
  );

  test("is waited for while its run goes on", () => {
    const run = { ...OVER, status: "in_progress", endedAt: undefined };
    expect(decideLock({ ...STALE, run })).toEqual({ do: "wait", why: "run #123 (job deploy) works on it" });
    expect(decideLock({ ...STALE, run, policy: "fail" }).do).toBe("refuse");
  });

  test("of an older attempt is cleared when the run was started again", () => {
    const run = { status: "in_progress", attempt: 2, startedAt: at("08:03:00") };
    expect(decideLock({ ...STALE, run }).do).toBe("clear");
    expect(decideLock({ ...STALE, run: { status: "in_progress", attempt: 2 } }).do).toBe("refuse");
  });

  test("of a run that ended a moment ago is waited for: its machine may still write", () => {
    expect(decideLock({ ...STALE, now: at("08:02:29") }).do).toBe("wait");
    expect(decideLock({ ...STALE, now: at("08:02:30") }).do).toBe("clear");
  });

  test("is not waited for in vain, and not cleared by who does not want it", () => {
    expect(decideLock({ ...STALE, policy: "wait" })).toMatchObject({
      do: "refuse",
      why: expect.stringMatching(/left it behind/),
    });
    expect(decideLock({ ...STALE, policy: "fail" }).do).toBe("refuse");
    expect(decideLock({ ...STALE, labels: undefined, policy: "wait" }).do).toBe("wait");
  });

  test.each<readonly [string, Partial<LockFacts>, RegExp]>([
    ["no label says whose it is", { labels: undefined }, /no label/],
    ["its labels are handed on from an earlier revision", { labels: { ...LABELS, revision: 4 } }, /without any/],
    ["another repository made it", { job: { repositoryId: "43" } }, /another repository/],
    ["GitHub knows no such run", { run: undefined }, /does not tell of run #123/],
    ["GitHub tells of an older attempt", { labels: { ...LABELS, attempt: 2 } }, /only of attempt 1/],
    ["nobody knows when the run ended", { run: { ...OVER, endedAt: undefined } }, /since when/],
    ["it began after the run", { record: { ...RECORD, deployedAt: "2026-11-21T08:03:01Z" } }, /after run #123/],
    ["nobody knows when it began", { record: { ...RECORD, deployedAt: "" } }, /after run #123/],
    ["the run's end is no time", { run: { ...OVER, endedAt: new Date(Number.NaN) } }, /after run #123/],
    ["the machine outlives its job", { labels: { ...LABELS, runnerEnvironment: "self-hosted" } }, /self-hosted/],
  ])("is never cleared when %s", (_, facts, why) => {
    expect(decideLock({ ...STALE, ...facts })).toEqual({ do: "refuse", why: expect.stringMatching(why) });
  });

  test("is cleared exactly when nothing at all is in doubt", () => {
    const sometimes = <T>(value: T, ...others: readonly T[]): fc.Arbitrary<T> =>
      fc.oneof(
        { weight: 9, arbitrary: fc.constant(value) },
        { weight: 1, arbitrary: fc.constantFrom(value, ...others) },
      );
    const near = (clock: string, spreadSeconds: number): fc.Arbitrary<Date> =>
      fc
        .integer({ min: -spreadSeconds, max: spreadSeconds })
        .map((seconds) => new Date(at(clock).getTime() + seconds * 1000));
    const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
      fc.oneof({ weight: 9, arbitrary }, { weight: 1, arbitrary: fc.constant(undefined) });
    const facts: fc.Arbitrary<LockFacts> = fc.record({
      record: fc.record({
        revision: sometimes(5, 4, 6),
        status: sometimes<ReleaseStatus>(
          "pending-upgrade",
          "pending-install",
          "pending-rollback",
          "deployed",
          "uninstalling",
        ),
        deployedAt: maybe(near("08:01:00", 130)).map((date) => date?.toISOString() ?? ""),
      }),
      labels: maybe(
        fc.record({
          repositoryId: sometimes("42", "43"),
          runId: fc.constant(123),
          attempt: sometimes(1, 2),
          job: fc.constant("deploy"),
          runnerEnvironment: sometimes<"github-hosted" | "self-hosted">("github-hosted", "self-hosted"),
          revision: sometimes(5, 4),
        }),
      ),
      job: fc.record({ repositoryId: sometimes("42", "") }),
      run: maybe(
        fc.record({
          status: sometimes("completed", "in_progress", "queued", ""),
          attempt: sometimes(1, 2),
          startedAt: maybe(near("08:02:00", 90)),
          endedAt: maybe(near("08:02:00", 90)),
        }),
      ),
      now: near("08:03:00", 120),
      policy: sometimes<LockFacts["policy"]>("clear-stale", "wait", "fail"),
    });
    let cleared = 0;
    fc.assert(
      fc.property(facts, (one) => {
        const { record, labels, run, job, now, policy } = one;
        const endedAt = run !== undefined && run.attempt > (labels?.attempt ?? 0) ? run.startedAt : run?.endedAt;
        const doubts = [
          !["pending-install", "pending-upgrade", "pending-rollback"].includes(record.status),
          policy !== "clear-stale",
          labels === undefined || run === undefined || endedAt === undefined || record.deployedAt === "",
          labels?.repositoryId !== job.repositoryId,
          labels?.revision !== record.revision,
          labels?.runnerEnvironment !== "github-hosted",
          (run?.attempt ?? 0) < (labels?.attempt ?? 0),
          run?.attempt === labels?.attempt && run?.status !== "completed",
          new Date(record.deployedAt).getTime() - (endedAt?.getTime() ?? 0) > 60_000,
          now.getTime() - (endedAt?.getTime() ?? 0) < 30_000,
        ].filter(Boolean);
        const clears = decideLock(one).do === "clear";
        expect(clears).toBe(doubts.length === 0);
        if (clears) cleared += 1;
      }),
      { numRuns: 6_000 },
    );
    // A test of nothing but doubts would prove nothing.
    expect(cleared).toBeGreaterThan(300);
  });
});
