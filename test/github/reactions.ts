import type { Clock } from "../azure/clock.ts";
import { bodyJson, jsonResponse } from "../azure/wire.ts";
import { type Account, renderAccount } from "./account.ts";
import { archived, findComment, notAccessible, writeNeeds } from "./comments.ts";
import { failure, unprocessable } from "./failure.ts";
import { page } from "./paging.ts";
import type { Route } from "./route.ts";
import { seconds } from "./runs.ts";
import type { GitHubSettings } from "./settings.ts";
import { mayDo } from "./tokens.ts";

export interface Reaction {
  readonly id: number;
  readonly author: Account;
  readonly content: string;
  readonly createdAt: Date;
}

const CONTENTS: ReadonlySet<unknown> = new Set(["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"]);
const DOCS = {
  create: "reactions/reactions#create-reaction-for-an-issue-comment",
  list: "reactions/reactions#list-reactions-for-an-issue-comment",
};

/** Reactions to comments of issues, and so of pull requests. */
export function reactionRoutes(settings: GitHubSettings, clock: Clock, nextId: () => number): readonly Route[] {
  const render = ({ id, author, content, createdAt }: Reaction) => ({
    id,
    user: renderAccount(author),
    content,
    created_at: seconds(createdAt),
  });
  return [
    {
      method: "POST",
      path: /^\/issues\/comments\/(\d+)\/reactions$/,
      accepts: "issues=write; pull_requests=write",
      docs: DOCS.create,
      makesContent: true,
      answer: ({ repository, grant, request }, id) => {
        const found = findComment(repository, Number(id));
        if (found === undefined) return failure(404, "Not Found", DOCS.create);
        const [issue, comment] = found;
        if (repository.archived) return archived(DOCS.create);
        if (!mayDo(grant, repository, writeNeeds(issue, settings))) return notAccessible(grant.kind, DOCS.create);
        const content = bodyJson(request)?.["content"];
        if (typeof content !== "string" || !CONTENTS.has(content))
          return unprocessable("content is not included in the list", DOCS.create, "content", "invalid", "Reaction");
        const same = comment.reactions.find((each) => each.author.id === grant.account.id && each.content === content);
        if (same !== undefined) return jsonResponse(200, render(same));
        const reaction: Reaction = { id: nextId(), author: grant.account, content, createdAt: clock.now() };
        comment.reactions.push(reaction);
        return jsonResponse(201, render(reaction));
      },
    },
    {
      method: "GET",
      path: /^\/issues\/comments\/(\d+)\/reactions$/,
      accepts: "issues=read; pull_requests=read",
      docs: DOCS.list,
      answer: ({ repository, url }, id) => {
        const comment = findComment(repository, Number(id))?.[1];
        if (comment === undefined) return failure(404, "Not Found", DOCS.list);
        return page(url, repository.id, `issues/comments/${id}/reactions`, comment.reactions.map(render));
      },
    },
  ];
}
