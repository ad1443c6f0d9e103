import type { RunJob } from "../../github/run-jobs.ts";
import { listClauses } from "../../kit/error-chain.ts";
import type { StoryCause, StoryPart } from "../../preview/story.ts";
import type { JobFacts } from "../job-facts.ts";
import type { World } from "./world.ts";

/** The jobs of this run, as far as GitHub tells; none where it does not: a story is told without them, too. */
export async function listJobs(
  { repository, headSha, runId }: JobFacts,
  { github, log }: Pick<World, "github" | "log">,
): Promise<readonly RunJob[]> {
  if (runId === undefined || headSha === "") return [];
  try {
    return await github.jobs.list(repository, headSha, runId);
  } catch (error) {
    log.info(`What the other jobs said could not be read: ${listClauses(error).join(": ")}`);
    return [];
  }
}

/** Where the run's time went, job by job. */
export function listParts(jobs: readonly RunJob[], now: Date): readonly StoryPart[] {
  const ran = jobs.filter(({ conclusion, startedAt }) => conclusion !== "skipped" && startedAt !== undefined);
  const begun = Math.min(...ran.map(({ startedAt }) => startedAt?.getTime() ?? Number.POSITIVE_INFINITY));
  return ran.map(({ name, conclusion, startedAt, endedAt }) => ({
    section: "Jobs",
    name: shorten(name),
    failed: conclusion === "failure" || conclusion === "timed_out",
    fromMs: (startedAt?.getTime() ?? begun) - begun,
    toMs: Math.max(startedAt?.getTime() ?? begun, (endedAt ?? now).getTime()) - begun,
  }));
}

/** Without the name of the calling job, which all have in common. */
function shorten(name: string): string {
  const parts = name.split(" / ");
  return parts.length > 1 ? parts.slice(1).join(" / ") : name;
}

const MOST_FAULTS = 5;

/** A cause with what the failed jobs said themselves: where an output says that something failed, they say why. */
export function withFaults(cause: StoryCause, jobs: readonly RunJob[]): StoryCause {
  const failed = jobs.find(({ faults }) => faults.length > 0);
  if (failed === undefined) return cause;
  const told = failed.faults.filter((fault) => !cause.text.includes(fault)).slice(0, MOST_FAULTS);
  if (told.length === 0) return cause;
  return { ...cause, text: [cause.text, `${shorten(failed.name)}: ${told.join("\n")}`].join("\n") };
}
