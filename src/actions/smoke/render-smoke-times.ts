import type { SmokeResult } from "../../smoke/result.ts";
import { listChecks } from "../../smoke/totals.ts";
import { type GanttBar, renderGantt } from "../render-gantt.ts";

/** Nobody reads a hundred bars. */
const MOST_STEPS = 40;
const MOST_CHECKS = 20;
/** A check that is true at once is no part of where the time went. */
const SHORT_MS = 500;

/** A picture of where the time went: steps, the checks that took long, and the phases of cold starts. */
export function renderSmokeTimes(result: SmokeResult): string {
  const checks = listChecks(result).filter(({ check }) => check.outcome !== "skipped");
  const lookOf = (outcome: string): GanttBar["look"] => (outcome === "failed" ? "crit, " : "done, ");
  const steps = result.tests.flatMap((test) =>
    test.steps.flatMap(({ name, outcome, checks: own }): readonly GanttBar[] => {
      const taken = own.filter((check) => check.outcome !== "skipped");
      if (taken.length === 0) return [];
      const fromMs = Math.min(...taken.map((check) => check.fromMs));
      const toMs = Math.max(...taken.map((check) => check.toMs));
      return [{ name: result.tests.length === 1 ? name : `${test.name} ${name}`, look: lookOf(outcome), fromMs, toMs }];
    }),
  );
  const long = checks
    .map(({ check }): GanttBar => ({ ...check, look: lookOf(check.outcome) }))
    .filter(({ fromMs, toMs }) => toMs - fromMs >= SHORT_MS);
  const phases = checks.flatMap(({ check }) =>
    check.phases.map(({ name, fromMs, toMs, budgetMs }): GanttBar => {
      const over = budgetMs !== undefined && toMs - fromMs > budgetMs;
      return { name, look: over ? "crit, " : "done, ", fromMs, toMs };
    }),
  );
  return renderGantt([
    { title: "steps", bars: chooseLongest(steps, MOST_STEPS) },
    { title: "checks", bars: chooseLongest(long, MOST_CHECKS) },
    { title: "cold start", bars: chooseLongest(phases, MOST_CHECKS) },
  ]);
}

/** What took longest, in the order in which it came. */
function chooseLongest(bars: readonly GanttBar[], most: number): readonly GanttBar[] {
  const longest = new Set(bars.toSorted((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs)).slice(0, most));
  return bars.filter((bar) => longest.has(bar));
}
