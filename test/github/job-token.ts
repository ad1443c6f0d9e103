import type { Job } from "../runner/job.ts";
import type { GitHubApi } from "./github-api.ts";

/**
 * A job whose `github.token` the fake knows, with the permissions that the job has: what GitHub does before each job.
 * With `readOnly` as in runs of forks and of Dependabot.
 */
export function withToken(api: GitHubApi, job: Job, more: { readonly readOnly?: boolean } = {}): Job {
  const repository = job.github?.repository;
  if (repository === undefined) throw new Error("The job says nothing of its repository");
  const { permissions } = job;
  const token = api.createToken({ repository, ...more, ...(permissions === undefined ? {} : { permissions }) });
  return { ...job, github: { ...job.github, token } };
}
