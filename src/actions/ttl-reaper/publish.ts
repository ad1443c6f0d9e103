import type { OutputsOf } from "../../kit/define-action.ts";
import { renderDuration } from "../../kit/duration.ts";
import { renderExpiry } from "../../ttl/expiry.ts";
import { titleOf } from "../../ttl/namespace-group.ts";
import { countStory } from "./counts.ts";
import type { Story } from "./journal.ts";
import { renderHoldLine } from "./mend-lines.ts";
import { renderSummary } from "./render-summary.ts";
import { renderReport } from "./report.ts";
import type { spec } from "./spec.ts";
import type { World } from "./world.ts";

/** Writes report and summary of a run that has ended, and returns its outputs. */
export async function publish(story: Story, world: World): Promise<OutputsOf<typeof spec>> {
  const counts = countStory(story);
  const path = await world.writeReport(renderReport(story));
  await world.summarize(renderSummary(story));
  warnOfHolds(story, world);
  world.markReported();
  world.log.info(
    `${counts.expired} expired, ${counts.deleted} deleted, ${counts.stillDeleting} still deleting, ${counts.skipped} left alone` +
      (counts.nextExpiry === undefined
        ? ""
        : `; the next one expires in ${renderDuration(counts.nextExpiry.getTime() - world.now().getTime())}`),
  );
  return {
    marked: story.plan?.marked ?? 0,
    expired: counts.expired,
    deleted: counts.deleted,
    accepted: counts.accepted,
    "still-deleting": counts.stillDeleting,
    blocked: counts.blocked,
    "came-back": counts.cameBack,
    failed: counts.failed,
    skipped: counts.skipped,
    kept: counts.kept,
    odd: counts.odd,
    fuse: story.plan?.fuse.kind ?? "holds",
    "next-expiry": counts.nextExpiry === undefined ? "" : renderExpiry(counts.nextExpiry),
    report: path,
  };
}

/** A finalizer that nobody takes off is no failure of this run, and goes on for ever unless somebody looks. */
function warnOfHolds(story: Story, { log }: World): void {
  for (const [id, { outcome }] of story.records) {
    const line = outcome.kind === "still-deleting" ? renderHoldLine(id, outcome.because) : undefined;
    if (line === undefined || outcome.kind !== "still-deleting") continue;
    log.warning(`${titleOf(id)}: ${outcome.because}\nFind it: ${line}`, { title: "Namespace that cannot go" });
  }
}
