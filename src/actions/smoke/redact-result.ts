import type { SmokeResult } from "../../smoke/result.ts";

/**
 * A result without secrets in any text. JSON, XML and Markdown write some characters in their own way, and a secret that
 * has them is not found in them any more.
 */
export function redactResult(result: SmokeResult, redact: (text: string) => string): SmokeResult {
  return {
    ...result,
    tests: result.tests.map((test) => ({
      ...test,
      name: redact(test.name),
      steps: test.steps.map((step) => ({
        ...step,
        name: redact(step.name),
        checks: step.checks.map((check) => ({
          ...check,
          name: redact(check.name),
          expected: redact(check.expected),
          seen: redact(check.seen),
        })),
        evidence: step.evidence.map(({ title, text }) => ({ title: redact(title), text: redact(text) })),
      })),
    })),
  };
}
