import type { OutputsOf, Result } from "../../kit/define-action.ts";
import { SUMMARY_BUDGET_BYTES } from "../../kit/markdown.ts";
import { UserError } from "../../kit/user-error.ts";
import { countAll, findSlowest, hasFailed, measureColdStart } from "../../smoke/totals.ts";
import { JUNIT, REPORT, renderReports } from "../smoke/render-reports.ts";
import { renderSeconds } from "../smoke/render-seconds.ts";
import { sayTotals } from "../smoke/render-smoke.ts";
import { annotateFailures, explainSmoke } from "../smoke/tell-failures.ts";
import { renderSummary } from "./render-summary.ts";
import type { spec } from "./spec.ts";
import type { Story } from "./story.ts";
import type { Reports, World } from "./world.ts";

/** Tells what a smoke test came to: annotations, reports, summary; and what the step then comes to. */
export async function publish(
  story: Story,
  reports: Reports,
  world: Pick<World, "log" | "summarize">,
): Promise<Result<typeof spec>> {
  const { result, back, cancelled } = story;
  annotateFailures(result, world.log);
  const paths = new Map<string, string>();
  for (const { name, text } of renderReports(result, back)) paths.set(name, await reports.write(name, text));
  world.log.info(`Smoke test: ${sayTotals(result)}.`);
  await world.summarize(renderSummary(story, SUMMARY_BUDGET_BYTES));
  const outputs = { ...listOutputs(story), "junit-path": paths.get(JUNIT), "report-path": paths.get(REPORT) };
  if (cancelled) {
    const text = `The job was cancelled during the smoke test: ${sayTotals(result)}. The reports have what was done.`;
    return { outputs, failure: new UserError("cancelled", text) };
  }
  return { outputs, failure: hasFailed(result) ? explainSmoke(result, listWhatElse(story)) : undefined };
}

function listOutputs({ result, back }: Story): OutputsOf<typeof spec> {
  const { passed, failed, skipped } = countAll(result);
  const slowest = findSlowest(result);
  const coldStart = measureColdStart(result);
  return {
    passed,
    failed,
    skipped,
    slowest:
      slowest === undefined
        ? undefined
        : `${slowest.step.name}: ${slowest.check.name} (${renderSeconds(slowest.check.toMs - slowest.check.fromMs)})`,
    "cold-start-ms": coldStart === undefined ? undefined : Math.round(coldStart),
    "rolled-back-to": back?.target,
    "passed-after-rollback": back?.result === undefined ? undefined : !hasFailed(back.result),
  };
}

/** What became of the release, and where the evidence is. */
function listWhatElse({ back, notes }: Story): readonly string[] {
  const again = back?.result === undefined ? [] : [`After the rollback: ${sayTotals(back.result)}.`];
  return [...notes, ...again, "To do: see the evidence in the step's summary and in report-path."];
}
