import type { Decision, DecisionCode } from "../../preview/decision.ts";
import { renderMark } from "../../preview/queue.ts";
import type { JobFacts } from "../job-facts.ts";
import { words } from "../render-text.ts";
import type { About } from "./about.ts";
import type { Settled } from "./gate.ts";
import { CHECK } from "./look-at-queue.ts";
import type { World } from "./world.ts";

/** What is kept that somebody may wonder about; of everything else the commit's check stays as it is. */
const TITLES: Partial<Readonly<Record<DecisionCode, string>>> = {
  "nothing-there": "there is no preview",
  superseded: "superseded by a newer commit",
  draft: "drafts get no preview",
  "label-missing": "the label is missing",
  "destroyed-on-demand": "destroyed on demand",
  pinned: "stays, since it says auto-destroy=false",
  foreign: "waits for approval",
  deleting: "waits for a deletion",
};

/**
 * Jobs cannot end neutral, a check run can. It also notes for other runs that this pull request is queued, or has taken
 * a place of which nothing stands yet.
 */
export async function writeCheck(
  { decision, facts, queuedAt, startedAt }: Settled,
  { cause, headSha }: About,
  job: JobFacts,
  commentUrl: string | undefined,
  { github }: Pick<World, "github">,
): Promise<void> {
  const title = titleOf(decision);
  // What only looks whether something ends has nothing to say of a commit that goes on.
  const silent = decision.verdict === "keep" && (cause === "ended" || cause === "other");
  if (title === undefined || silent || job.runId === undefined) return;
  const { pull, now, repository } = facts;
  const mark = { runId: job.runId };
  const begun = decision.verdict === "create" || decision.verdict === "update";
  const externalId = begun
    ? renderMark({ kind: "started", at: startedAt, ...mark })
    : // What waits for a deletion longer than its job does is started again like what waits for a place.
      decision.code === "queued" || decision.code === "deleting"
      ? renderMark({ kind: "queued", at: queuedAt ?? now, ...mark })
      : "";
  await github.checks.write(repository, {
    name: CHECK,
    headSha: decision.code === "superseded" ? (headSha ?? pull.headSha) : pull.headSha,
    conclusion: "neutral",
    title,
    summary: words(decision.reason, 1_000),
    externalId,
    // The job's own page otherwise.
    ...(commentUrl === undefined ? {} : { detailsUrl: commentUrl }),
  });
}

function titleOf({ verdict, code, position }: Decision): string | undefined {
  if (verdict === "create" || verdict === "update") return "started";
  if (verdict === "destroy") return "destroyed";
  if (code === "queued") return `queued, position ${position ?? 1}`;
  return TITLES[code];
}
