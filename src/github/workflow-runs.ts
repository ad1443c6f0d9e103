import { explainRefusal, GitHubRefusal } from "./refusal.ts";
import type { WorkflowRuns } from "./repository-api.ts";
import type { Session } from "./session.ts";
import { splitRepository } from "./split-repository.ts";

/** Runs as the Actions API tells them. */
export function connectWorkflowRuns({ octokit }: Session): WorkflowRuns {
  return {
    find: async (repository, runId, attempt) => {
      const attempted = { clause: `Cannot look at run ${runId} of ${repository}`, permission: "actions: read" };
      try {
        const { rest } = await octokit();
        const { data } = await rest.actions.getWorkflowRunAttempt({
          ...splitRepository(repository),
          run_id: runId,
          attempt_number: attempt,
        });
        return {
          status: data.status ?? "",
          conclusion: data.conclusion ?? "",
          attempt: data.run_attempt ?? attempt,
          url: data.html_url,
          startedAt: readDate(data.run_started_at),
          // A run that is over is changed no more.
          endedAt: data.status === "completed" ? readDate(data.updated_at) : undefined,
        };
      } catch (error) {
        if (error instanceof GitHubRefusal && error.answer.status === 404) return undefined;
        throw explainRefusal(attempted, error);
      }
    },
  };
}

function readDate(text: string | undefined): Date | undefined {
  const at = new Date(text ?? "");
  return Number.isNaN(at.getTime()) ? undefined : at;
}
