import type { OutputsOf } from "../../kit/define-action.ts";
import { countStory } from "./counts.ts";
import { renderSummary } from "./render-summary.ts";
import { renderReport } from "./report.ts";
import type { spec } from "./spec.ts";
import type { Story } from "./story.ts";
import type { World } from "./world.ts";

/** Writes report and summary of a run that has ended, and returns its outputs. */
export async function publish(story: Story, world: World): Promise<OutputsOf<typeof spec>> {
  const counts = countStory(story);
  const report = await world.writeReport(renderReport(story));
  await world.summarize(renderSummary(story));
  const { log } = world;
  log.info(
    story.dryRun
      ? `${counts.planned} tags and manifests would be removed, ${counts.kept} kept, ${counts.locked} locked`
      : `${counts.untagged} tags removed, ${counts.deleted} manifests deleted, ${counts.kept} kept, ${counts.locked} locked, ${counts.failed} failed, ${counts.skipped} not started`,
  );
  if (counts.locked > 0) {
    const text = `${counts.locked} tags or manifests of ${story.environment} are locked and stay. The summary has the commands that show their locks.`;
    log.warning(text, { title: "Locked images" });
  }
  return {
    untagged: counts.untagged,
    "manifests-deleted": counts.deleted,
    kept: counts.kept,
    locked: counts.locked,
    missing: counts.missing,
    failed: counts.failed,
    skipped: counts.skipped,
    fuse: story.fuse.kind,
    report,
  };
}
