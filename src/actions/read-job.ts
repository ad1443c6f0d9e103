import { hostname } from "node:os";
import { readGitFacts } from "../image/git-facts.ts";
import type { Runner } from "../kit/runner.ts";
import { readEvent } from "./github-event.ts";
import type { JobFacts } from "./job-facts.ts";

/** What GitHub tells of this job by its environment and its event. */
export async function readJob({ environment }: Pick<Runner, "environment">): Promise<JobFacts> {
  const read = (name: string): string => environment[name] ?? "";
  const facts = readGitFacts(environment, await readEvent(environment["GITHUB_EVENT_PATH"]));
  const repository = facts.repository ?? "";
  const runId = /^\d+$/.test(read("GITHUB_RUN_ID")) ? Number(read("GITHUB_RUN_ID")) : undefined;
  const attempt = Number(read("GITHUB_RUN_ATTEMPT")) || 1;
  return {
    repository,
    repositoryId: read("GITHUB_REPOSITORY_ID"),
    runId,
    attempt,
    job: read("GITHUB_JOB") || "job",
    runnerEnvironment: read("RUNNER_ENVIRONMENT") === "github-hosted" ? "github-hosted" : "self-hosted",
    host: hostname(),
    runner: read("RUNNER_NAME"),
    actor: read("GITHUB_ACTOR"),
    headSha: facts.headSha ?? "",
    pullRequest: facts.pullRequest,
    runUrl:
      runId === undefined || facts.serverUrl === undefined
        ? ""
        : `${facts.serverUrl}/${repository}/actions/runs/${runId}/attempts/${attempt}`,
    folder: read("GITHUB_WORKSPACE") || process.cwd(),
    environment,
  };
}
