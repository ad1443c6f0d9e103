import { connectCheckRuns } from "./check-runs.ts";
import { connectDeployments } from "./deployments.ts";
import { connectIdentity } from "./identity.ts";
import { connectOwnComments } from "./own-comments.ts";
import type { CheckRuns, Deployments, OwnComments, PullRequests, Reactions, Reruns } from "./preview-api.ts";
import { connectPullRequests } from "./pull-requests.ts";
import { connectReactions } from "./reactions.ts";
import type { RepositoryRoles, StickyComments, WorkflowRuns } from "./repository-api.ts";
import { connectRepositoryRoles } from "./repository-roles.ts";
import { connectReruns } from "./reruns.ts";
import { connectRunJobs, type RunJobs } from "./run-jobs.ts";
import { connectSession, type GitHubOptions } from "./session.ts";
import { connectStickyComments } from "./sticky-comments.ts";
import { connectWorkflowRuns } from "./workflow-runs.ts";

export interface GitHub {
  readonly comments: StickyComments;
  readonly ownComments: OwnComments;
  readonly pulls: PullRequests;
  readonly reactions: Reactions;
  readonly checks: CheckRuns;
  readonly deployments: Deployments;
  readonly runs: WorkflowRuns;
  readonly jobs: RunJobs;
  readonly reruns: Reruns;
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
  const identity = connectIdentity(session);
  return {
    comments: connectStickyComments(session, identity),
    ownComments: connectOwnComments(session, identity),
    pulls: connectPullRequests(session),
    reactions: connectReactions(session),
    checks: connectCheckRuns(session, identity),
    deployments: connectDeployments(session),
    runs: connectWorkflowRuns(session),
    jobs: connectRunJobs(session),
    reruns: connectReruns(session),
    roles: connectRepositoryRoles(session),
  };
}
