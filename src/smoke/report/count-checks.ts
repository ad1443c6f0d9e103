import type { CheckResult, StepResult } from "../result.ts";

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
