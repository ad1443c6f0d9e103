import type { Json } from "../azure/wire.ts";
import { type Account, renderAccount } from "./account.ts";
import { addressOf, findComment } from "./comments.ts";
import { type Pull, renderRepository } from "./pulls.ts";
import type { Repository } from "./repository.ts";
import { seconds } from "./runs.ts";

/** What a job reads at GITHUB_EVENT_PATH: the pull request as it was when the event happened, which is now. */
export function renderPullEvent(repository: Repository, pull: Pull, sender: Account, action: string, more: Json): Json {
  return {
    action,
    number: pull.number,
    pull_request: pull.render(),
    repository: renderRepository(repository),
    sender: renderAccount(sender),
    ...more,
  };
}

/** The event of a comment that was just written. @throws when there is none of this id */
export function renderCommentEvent(repository: Repository, id: number): Json {
  const found = findComment(repository, id);
  if (found === undefined) throw new Error(`No comment ${id} in ${repository.fullName}`);
  const [issue, comment] = found;
  const { fullName } = repository;
  const user = renderAccount(comment.author);
  return {
    action: "created",
    issue: {
      number: issue.number,
      title: issue.title,
      state: issue.state,
      user: renderAccount(issue.author),
      labels: [...issue.labels].map((name) => ({ name })),
      ...(issue.pullRequest
        ? { pull_request: { url: `https://api.github.com/repos/${fullName}/pulls/${issue.number}` } }
        : {}),
    },
    comment: {
      id: comment.id,
      node_id: comment.nodeId,
      body: comment.body,
      user,
      html_url: addressOf(repository, issue, comment),
      created_at: seconds(comment.createdAt),
      author_association: "NONE",
    },
    repository: renderRepository(repository),
    sender: user,
  };
}
