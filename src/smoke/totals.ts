import type { CheckResult, SmokeResult, StepResult, TestResult } from "./result.ts";

export interface CheckCounts {
  readonly checks: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Failures that stopped nothing, which are no part of `failed`. */
  readonly optional: number;
}

/** How many checks came out how. Each is counted once. */
export function countChecks(steps: readonly Pick<StepResult, "checks">[]): CheckCounts {
  const all = steps.flatMap(({ checks }) => checks);
  const count = (counts: (check: CheckResult) => boolean): number => all.filter(counts).length;
  return {
    checks: all.length,
    passed: count(({ outcome }) => outcome === "passed"),
    failed: count(isFailure),
    skipped: count(({ outcome }) => outcome === "skipped"),
    optional: count(({ outcome, optional }) => outcome === "failed" && optional),
  };
}

/** Whether the smoke test fails by it. */
export function isFailure({ outcome, optional }: CheckResult): boolean {
  return outcome === "failed" && !optional;
}

/** A check with where it stands. */
export interface PlacedCheck {
  readonly test: TestResult;
  readonly step: StepResult;
  readonly check: CheckResult;
}

/** All checks of a run, in the order of its specs. */
export function listChecks({ tests }: SmokeResult): readonly PlacedCheck[] {
  return tests.flatMap((test) =>
    test.steps.flatMap((step) => step.checks.map((check): PlacedCheck => ({ test, step, check }))),
  );
}

/** How many checks of a run came out how. */
export function countAll({ tests }: SmokeResult): CheckCounts {
  return countChecks(tests.flatMap(({ steps }) => steps));
}

/** Whether something failed, a step without a failed check among them. */
export function hasFailed({ tests }: SmokeResult): boolean {
  return tests.some(({ outcome }) => outcome === "failed");
}

/** The check that took longest; undefined where none was taken. */
export function findSlowest(result: SmokeResult): PlacedCheck | undefined {
  const taken = listChecks(result).filter(({ check }) => check.outcome !== "skipped");
  const lengthOf = ({ check }: PlacedCheck): number => check.toMs - check.fromMs;
  return taken.reduce<PlacedCheck | undefined>(
    (slowest, one) => (slowest === undefined || lengthOf(one) > lengthOf(slowest) ? one : slowest),
    undefined,
  );
}

/** Milliseconds of the longest cold start, from its message until its last phase was over; undefined without one. */
export function measureColdStart(result: SmokeResult): number | undefined {
  const starts = listChecks(result).flatMap(({ check: { kind, phases } }) => {
    if (kind !== "coldstart" || phases.length === 0) return [];
    return [Math.max(...phases.map(({ toMs }) => toMs)) - Math.min(...phases.map(({ fromMs }) => fromMs))];
  });
  return starts.length === 0 ? undefined : Math.max(...starts);
}
