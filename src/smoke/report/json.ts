import type { CheckResult, SmokeResult, StepResult, TestResult } from "../result.ts";
import { type CheckCounts, countChecks } from "../totals.ts";

/**
 * The report for programs. Fields are added without a new version; one that goes or changes its meaning makes a new
 * `apiVersion`. Times are in milliseconds since the smoke test began.
 */
export interface SmokeReport extends CheckCounts {
  readonly apiVersion: "mayfly/v1alpha1";
  readonly kind: "SmokeReport";
  /** `failed` when a check failed that is not optional. */
  readonly outcome: "passed" | "failed";
  /** RFC 3339. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly tests: readonly ReportedTest[];
}

export type ReportedTest = Omit<TestResult, "steps"> & { readonly steps: readonly ReportedStep[] };
export type ReportedStep = Omit<StepResult, "checks"> & { readonly checks: readonly ReportedCheck[] };
export type ReportedCheck = CheckResult & { readonly durationMs: number };

/** A run as JSON, with all that is known of it. */
export function renderReport(result: SmokeResult): string {
  const report: SmokeReport = {
    apiVersion: "mayfly/v1alpha1",
    kind: "SmokeReport",
    outcome: result.tests.some(({ outcome }) => outcome === "failed") ? "failed" : "passed",
    startedAt: result.startedAt.toISOString(),
    durationMs: result.durationMs,
    ...countChecks(result.tests.flatMap(({ steps }) => steps)),
    tests: result.tests.map((test) => ({
      ...test,
      steps: test.steps.map((step) => ({
        ...step,
        checks: step.checks.map((check) => ({ ...check, durationMs: check.toMs - check.fromMs })),
      })),
    })),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
