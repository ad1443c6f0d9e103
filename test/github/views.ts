import { addressOf, findComment } from "./comments.ts";
import { stateOf } from "./deployment.ts";
import type { Repository } from "./repository.ts";

/** A comment as a test looks at it. */
export interface ShownComment {
  readonly id: number;
  readonly author: string;
  readonly body: string;
  readonly minimized: string | undefined;
  readonly url: string;
}

export interface ShownReaction {
  readonly author: string;
  readonly content: string;
}

export interface ShownCheck {
  readonly id: number;
  /** `github-actions` for a job's token. */
  readonly app: string;
  readonly name: string;
  readonly headSha: string;
  /** Undefined while it goes on. */
  readonly conclusion: string | undefined;
  readonly title: string;
  readonly summary: string;
  readonly externalId: string;
  readonly ofJob: boolean;
}

export interface ShownDeployment {
  readonly id: number;
  readonly creator: string;
  readonly sha: string;
  readonly environment: string;
  readonly task: string;
  readonly payload: unknown;
  readonly transient: boolean;
  /** Every state that it was said to be in, the last one last. */
  readonly states: readonly string[];
  /** The last one, with what was said with it; `pending` before anybody has said anything. */
  readonly state: string;
  readonly description: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
}

export function showComments(repository: Repository, number: number): readonly ShownComment[] {
  const issue = repository.issues.get(number);
  if (issue === undefined) throw new Error(`No issue ${repository.fullName}#${number}`);
  return issue.comments.map((comment) => ({
    id: comment.id,
    author: comment.author.login,
    body: comment.body,
    minimized: comment.minimized,
    url: addressOf(repository, issue, comment),
  }));
}

export function showReactions(repository: Repository, commentId: number): readonly ShownReaction[] {
  const found = findComment(repository, commentId);
  if (found === undefined) throw new Error(`No comment ${commentId} in ${repository.fullName}`);
  return found[1].reactions.map(({ author, content }) => ({ author: author.login, content }));
}

/** The oldest first. */
export function showChecks({ checks }: Repository, sha?: string): readonly ShownCheck[] {
  return checks
    .filter(({ headSha }) => headSha === (sha ?? headSha))
    .map(({ id, app, name, headSha, conclusion, title, summary, externalId, ofJob }) => ({
      id,
      app: app.slug,
      name,
      headSha,
      conclusion,
      title,
      summary,
      externalId,
      ofJob,
    }));
}

/** The oldest first. */
export function showDeployments({ deployments }: Repository): readonly ShownDeployment[] {
  return deployments.map((deployment) => {
    const { id, creator, sha, environment, task, payload, transient, statuses } = deployment;
    const { description = "", environmentUrl = "", logUrl = "" } = statuses.at(-1) ?? {};
    return {
      id,
      creator: creator.login,
      sha,
      environment,
      task,
      payload,
      transient,
      states: statuses.map(({ state }) => state),
      state: stateOf(deployment) ?? "pending",
      description,
      environmentUrl,
      logUrl,
    };
  });
}
