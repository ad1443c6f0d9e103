import type { SmokeResult } from "./result.ts";

/**
 * Whether a run shows that what was deployed is bad. Where nobody could look, for want of a right or by a mistake in the
 * spec, it has failed all the same, and shows nothing: that is no reason to go back.
 */
export function provesBad({ tests }: SmokeResult): boolean {
  const checks = tests.flatMap(({ steps }) => steps.flatMap((step) => step.checks));
  return checks.some(({ outcome, optional, fault }) => outcome === "failed" && !optional && fault !== true);
}
