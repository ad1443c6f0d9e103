import type { RepositoryRoles, StickyComments, WorkflowRuns } from "./repository-api.ts";
import { connectRepositoryRoles } from "./repository-roles.ts";
import { connectSession, type GitHubOptions } from "./session.ts";
import { connectStickyComments } from "./sticky-comments.ts";
import { connectWorkflowRuns } from "./workflow-runs.ts";

export interface GitHub {
  readonly comments: StickyComments;
  readonly runs: WorkflowRuns;
  readonly roles: RepositoryRoles;
}

/**
 * GitHub's API with a token: a job's (`github.token`), an app's or a person's. Nothing is asked, and octokit not loaded,
 * before the first call.
 *
 * @throws UserError `github-unreachable` when GITHUB_API_URL is no address
 */
export function connectGitHub(options: GitHubOptions): GitHub {
  const session = connectSession(options);
  return {
    comments: connectStickyComments(session),
    runs: connectWorkflowRuns(session),
    roles: connectRepositoryRoles(session),
  };
}
