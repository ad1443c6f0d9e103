import type { GitFacts } from "./git-facts.ts";

/** Which commits a run has to do with. */
export interface Checkout {
  /** What is checked out in the workspace; undefined without git. */
  readonly head: string | undefined;
  /** The commit that GitHub started the workflow at (`GITHUB_SHA`). */
  readonly triggering: string | undefined;
}

/**
 * Why the workspace cannot be the pull request whose name the image would get; undefined when it may be.
 *
 * `pull_request_target`, `workflow_run` and comments start at the base branch, and `actions/checkout` takes that commit
 * unless it is told another one: the base's code would be published as the pull request's.
 */
export function findCheckoutFault(facts: GitFacts, { head, triggering }: Checkout): string | undefined {
  const startsAtBase =
    facts.event === "pull_request_target" || facts.event === "workflow_run" || facts.event === "issue_comment";
  if (!facts.ofPullRequest || !startsAtBase) return undefined;
  if (head === undefined || head !== triggering || head === facts.headSha) return undefined;
  const wanted = facts.headSha === undefined ? "the pull request's head" : `the pull request's head ${facts.headSha}`;
  return `The workspace holds ${head}, the base branch's commit, and ${facts.event} is about ${wanted}: the base's code would be published as the pull request's. Check out the head (actions/checkout with ref:), and never let such a job run a fork's code with this login; or build on pull_request instead.`;
}
