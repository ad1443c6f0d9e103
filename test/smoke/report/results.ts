import type { CheckResult, SmokeResult, StepResult } from "../../../src/smoke/result.ts";

/** A check that passed, with what a test changes of it. */
export function check(changes: Partial<CheckResult> = {}): CheckResult {
  return {
    name: "http service://api:80/healthz",
    kind: "http",
    line: 12,
    outcome: "passed",
    optional: false,
    expected: "status 200",
    seen: "status 200",
    tries: 1,
    fromMs: 0,
    toMs: 120,
    involved: [],
    phases: [],
    ...changes,
  };
}

export function step(changes: Partial<StepResult> = {}): StepResult {
  return { name: "api", line: 8, tags: [], outcome: "passed", checks: [check()], evidence: [], ...changes };
}

/** A run of one spec. */
export function run(steps: readonly StepResult[]): SmokeResult {
  const outcome = steps.some((one) => one.outcome === "failed") ? "failed" : "passed";
  return {
    startedAt: new Date("2026-11-22T02:00:00Z"),
    durationMs: 2_500,
    tests: [{ file: "smoke/web.yaml", name: "web", namespace: "shop", outcome, steps }],
  };
}
