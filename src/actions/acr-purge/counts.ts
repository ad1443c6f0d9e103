import type { Outcome } from "./outcome.ts";
import { countPlanned, type Story } from "./story.ts";

/** How many tags and manifests ended how. */
export interface Counts {
  readonly untagged: number;
  readonly deleted: number;
  readonly kept: number;
  readonly locked: number;
  readonly missing: number;
  readonly failed: number;
  readonly skipped: number;
  /** What a dry run would remove. */
  readonly planned: number;
}

type Tally = "removed" | "kept" | "locked" | "failed" | "skipped";

const TALLY: Readonly<Record<Outcome["kind"], Tally>> = {
  removed: "removed",
  gone: "removed",
  kept: "kept",
  locked: "locked",
  failed: "failed",
  asked: "failed",
  "not-started": "skipped",
};

/** Counts a run. What was planned and has no record did not get its turn. */
export function countStory({ plans, records, dryRun, fuse }: Story): Counts {
  const tallies = { kept: 0, locked: 0, failed: 0, skipped: 0 };
  let [untagged, deleted] = [0, 0];
  for (const { item, outcome } of records) {
    const tally = TALLY[outcome.kind];
    if (tally !== "removed") tallies[tally] += 1;
    else if (item.kind === "tag") untagged += 1;
    else deleted += 1;
  }
  for (const { locked } of plans.flatMap(({ stays }) => stays)) tallies[locked ? "locked" : "kept"] += 1;
  const planned = countPlanned(plans);
  const missing = plans.filter(({ state }) => state === "missing").length;
  tallies.failed += plans.filter(({ state }) => state === "unreadable").length;
  if (!dryRun && fuse.kind === "holds") tallies.skipped += planned - records.length;
  return { untagged, deleted, ...tallies, missing, planned };
}
