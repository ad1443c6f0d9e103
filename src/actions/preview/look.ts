import { listClauses } from "../../kit/error-chain.ts";
import { UserError } from "../../kit/user-error.ts";
import { type CommentState, NO_STATE, parseState } from "../../preview/comment-state.ts";
import type { PreviewFacts, PreviewPolicy } from "../../preview/decide.ts";
import { environmentOf, type PullRequest } from "../../preview/pull-request.ts";
import { markerOf } from "../../preview/story.ts";
import type { JobFacts } from "../job-facts.ts";
import type { About } from "./about.ts";
import { findEnvironments, type Sight } from "./environments.ts";
import { explainHidden } from "./hidden-namespace.ts";
import { isPinned } from "./pinned.ts";
import type { Inputs } from "./run.ts";
import type { World } from "./world.ts";

/** Everything about one pull request as it is at this moment. */
export interface Look {
  readonly facts: PreviewFacts;
  readonly sight: Sight;
  /** What the comment keeps; nothing is known where there is none. */
  readonly state: CommentState;
  /** Why nobody here can see all that the comment notes of it; undefined where all can be seen. */
  readonly hidden: UserError | undefined;
}

/** @throws UserError `pull-request-not-found`, and GitHub's own */
export async function look(
  pullRequest: number,
  about: About,
  inputs: Inputs,
  job: JobFacts,
  world: World,
): Promise<Look> {
  const finding = findPull(pullRequest, job, world);
  const [pull, sight, state] = await Promise.all([
    finding,
    findEnvironments(job.repositoryId, world),
    readState(pullRequest, finding, job, world),
  ]);
  const hidden = explainHidden(environmentOf(pullRequest), state, world);
  const environment = sight.environments.get(environmentOf(pullRequest));
  const facts: PreviewFacts = {
    repository: job.repository,
    pull,
    environment,
    seen: sight.unseen === undefined,
    hidden: hidden !== undefined,
    pinned: environment !== undefined && isPinned(environment),
    cause: about.cause,
    headSha: about.headSha,
    approvedSha: inputs.approvedSha?.toLowerCase(),
    destroyAskedAt: state.destroyAskedAt,
    wantedAt: state.wantedAt,
    wishedAt: about.wishedAt,
    deploying: state.phase === "deploying",
    others: 0,
    ahead: 0,
    policy: readPolicy(inputs),
    now: world.now(),
  };
  return { facts, sight, state, hidden };
}

/** What the inputs say about who gets a preview. */
export function readPolicy({ label, drafts, maxPreviews }: Inputs): PreviewPolicy {
  return { label, drafts, maxPreviews };
}

/** @throws UserError `pull-request-not-found` */
export async function findPull(
  number: number,
  { repository }: Pick<JobFacts, "repository">,
  { github }: Pick<World, "github">,
): Promise<PullRequest> {
  const pull = await github.pulls.find(repository, number);
  if (pull !== undefined) return pull;
  const text = `${repository} has no pull request #${number}: there is no such number, it is an issue's, or the token may not see it.\nTo do: check the input pull-request, and give the job the permission pull-requests: write. Nothing was changed.`;
  throw new UserError("pull-request-not-found", text);
}

/** A hint; but what brings an environment up must know whether somebody wanted it down. */
async function readState(
  number: number,
  finding: Promise<PullRequest>,
  job: JobFacts,
  { github, log }: World,
): Promise<CommentState> {
  const marker = markerOf(environmentOf(number));
  try {
    const comment = await github.ownComments.find(job.repository, number, marker);
    return (comment && parseState(comment.body)) ?? NO_STATE;
  } catch (error) {
    if ((await finding).state === "open") throw error;
    log.info(`The comment could not be read: ${listClauses(error).join(": ")}`);
    return NO_STATE;
  }
}
