import { isUnsure } from "./make-once.ts";
import type { RerunAnswer, Reruns } from "./preview-api.ts";
import { explainRefusal, GitHubRefusal, strangeAnswer } from "./refusal.ts";
import type { Session } from "./session.ts";
import { splitRepository } from "./split-repository.ts";

/** What GitHub's words on a refused re-run come to; the first that fits counts. */
const WORDS: readonly (readonly [RegExp, RerunAnswer])[] = [
  [/already running/i, "running"],
  [/over a month ago|cannot be (?:retried|re-?run)/i, "too-old"],
  [/^/, "forbidden"],
];

/** Runs of workflows, begun anew. */
export function connectReruns({ octokit, sleep }: Session): Reruns {
  return {
    start: async (repository, runId) => {
      const clause = `Cannot run ${runId} of ${repository} again`;
      const run = { ...splitRepository(repository), run_id: runId };
      const { rest } = await octokit();
      try {
        const { status } = await rest.actions.reRunWorkflow(run);
        if (status !== 201) throw strangeAnswer();
        return "started";
      } catch (error) {
        const answer = readAnswer(error);
        if (answer !== undefined) return answer;
        if (isUnsure(error)) {
          await sleep(1_000);
          if (await isUnderWay(() => rest.actions.getWorkflowRun(run))) return "started";
        }
        throw explainRefusal({ clause, permission: "actions: write" }, error);
      }
    },
  };
}

function readAnswer(error: unknown): RerunAnswer | undefined {
  if (!(error instanceof GitHubRefusal) || error.pause !== undefined) return undefined;
  const { status, words } = error.answer;
  if (status === 404) return "gone";
  if (status !== 403) return undefined;
  return WORDS.find(([pattern]) => pattern.test(words))?.[1];
}

/** Only a run that is over can be begun anew: one that is under way now was, by us or by somebody else. */
async function isUnderWay(look: () => Promise<{ data: { status: string | null } }>): Promise<boolean> {
  try {
    return (await look()).data.status !== "completed";
  } catch {
    return false;
  }
}
