import type { SmokeResult } from "../../../src/smoke/result.ts";
import { check, run, step } from "../../smoke/report/results.ts";

/** A smoke test in which every text is the one that is given. */
export function strangeResult(text: string): SmokeResult {
  const strange = { name: text, expected: text, seen: text };
  const result = run([
    step({
      name: text,
      outcome: "failed",
      checks: [
        check({ ...strange, toMs: 700 }),
        check({ ...strange, outcome: "failed", toMs: 9_000 }),
        check({ ...strange, outcome: "failed", optional: true }),
        check({ ...strange, outcome: "skipped" }),
        check({
          ...strange,
          kind: "coldstart",
          phases: [{ name: text, fromMs: 10, toMs: 5_000, budgetMs: 1_000 }],
        }),
      ],
      evidence: [{ title: text, text }],
    }),
  ]);
  return { ...result, tests: result.tests.flatMap((one) => [{ ...one, name: text, file: text }, one]) };
}
