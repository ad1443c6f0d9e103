import type { Story } from "./journal.ts";
import type { Outcome } from "./outcome.ts";

/** How many groups ended how. */
export interface Counts {
  readonly expired: number;
  readonly deleted: number;
  readonly accepted: number;
  readonly stillDeleting: number;
  readonly blocked: number;
  readonly cameBack: number;
  readonly failed: number;
  readonly skipped: number;
  readonly kept: number;
  readonly odd: number;
  readonly nextExpiry: Date | undefined;
}

type Tally = "deleted" | "accepted" | "stillDeleting" | "blocked" | "cameBack" | "failed" | "skipped";

const TALLY: Readonly<Record<Outcome["kind"], Tally>> = {
  gone: "deleted",
  vanished: "deleted",
  accepted: "accepted",
  asked: "stillDeleting",
  "still-deleting": "stillDeleting",
  blocked: "blocked",
  "rolled-back": "blocked",
  "came-back": "cameBack",
  changed: "skipped",
  "not-started": "skipped",
  failed: "failed",
};

/** Counts a run as far as it got. Expired groups without any record were left out: skipped, unless nothing was to be done. */
export function countStory(story: Story): Counts {
  const tallies = { deleted: 0, accepted: 0, stillDeleting: 0, blocked: 0, cameBack: 0, failed: 0, skipped: 0 };
  for (const { outcome } of story.records.values()) tallies[TALLY[outcome.kind]] += 1;
  const { plan } = story;
  let [expired, kept, odd] = [0, plan?.unlisted.kept ?? 0, plan?.unlisted.odd ?? 0];
  let next = Number.POSITIVE_INFINITY;
  for (const { id, fate } of plan?.entries ?? []) {
    if (fate.kind === "expired") {
      expired += 1;
      const acts = plan?.dryRun === false && plan.fuse.kind === "holds";
      if (acts && !story.records.has(id.toLowerCase())) tallies.skipped += 1;
    }
    if (fate.kind !== "keep") continue;
    if (fate.reason === "odd") odd += 1;
    else kept += 1;
    if (fate.reason === "not-yet" && fate.expiresAt !== undefined) next = Math.min(next, fate.expiresAt.getTime());
  }
  return { expired, ...tallies, kept, odd, nextExpiry: Number.isFinite(next) ? new Date(next) : undefined };
}
