import type { Clock } from "../azure/clock.ts";
import { bodyJson, emptyResponse, jsonResponse, type WireResponse } from "../azure/wire.ts";
import { type Account, renderAccount } from "./account.ts";
import { failure, unprocessable } from "./failure.ts";
import { page } from "./paging.ts";
import { type Comment, commentNodeId, type Issue, type Repository } from "./repository.ts";
import type { Asking, Route } from "./route.ts";
import { seconds } from "./runs.ts";
import type { GitHubSettings } from "./settings.ts";
import { hasRole, mayDo } from "./tokens.ts";

const DOCS = {
  list: "issues/comments#list-issue-comments",
  find: "issues/comments#get-an-issue-comment",
  create: "issues/comments#create-an-issue-comment",
  edit: "issues/comments#update-an-issue-comment",
  delete: "issues/comments#delete-an-issue-comment",
};
const LOCKED = "https://docs.github.com/articles/locking-conversations/";
const READ = "issues=read; pull_requests=read";
const WRITE = "issues=write; pull_requests=write";

/** Adds a comment to an issue, whoever may. */
export function addComment(
  repository: Repository,
  issue: Issue,
  id: number,
  author: Account,
  body: string,
  now: Date,
): Comment {
  const nodeId = commentNodeId(repository, id);
  const comment: Comment = {
    id,
    nodeId,
    author,
    body,
    createdAt: now,
    updatedAt: now,
    minimized: undefined,
    reactions: [],
  };
  issue.comments.push(comment);
  return comment;
}

/** The routes of issue comments: a pull request's conversation is an issue's. */
export function commentRoutes(settings: GitHubSettings, clock: Clock, nextId: () => number): readonly Route[] {
  const render = (repository: Repository, issue: Issue, comment: Comment) => ({
    url: `https://api.github.com/repos/${repository.fullName}/issues/comments/${comment.id}`,
    html_url: addressOf(repository, issue, comment),
    issue_url: `https://api.github.com/repos/${repository.fullName}/issues/${issue.number}`,
    id: comment.id,
    node_id: comment.nodeId,
    user: renderAccount(comment.author),
    created_at: seconds(comment.createdAt),
    updated_at: seconds(comment.updatedAt),
    body: comment.body,
    author_association: "NONE",
    performed_via_github_app: null,
    ...(settings.restTellsMinimized
      ? { minimized: comment.minimized === undefined ? null : { reason: comment.minimized } }
      : {}),
  });
  const shown = ({ createdAt }: Comment) => createdAt.getTime() + settings.listLagMilliseconds <= clock.time();

  /** Why this may not be written here, in GitHub's words. */
  const refuse = ({ grant, repository, request }: Asking, issue: Issue, docs: string): WireResponse | undefined => {
    if (repository.archived) return archived(docs);
    if (!mayDo(grant, repository, writeNeeds(issue, settings))) return notAccessible(grant.kind, docs);
    const strong = grant.kind === "installation" ? settings.appsWriteWhenLocked : hasRole(grant, repository, "write");
    if (issue.locked && !strong) return failure(403, "Unable to create comment because issue is locked.", LOCKED);
    const body = bodyJson(request)?.["body"];
    if (typeof body !== "string" || body.trim() === "")
      return unprocessable("Body cannot be blank", docs, "body", "missing_field");
    if (tooLong(body, settings)) return unprocessable("Body is too long (maximum is 65536 characters)", docs);
    return undefined;
  };

  return [
    {
      method: "GET",
      path: /^\/issues\/(\d+)\/comments$/,
      accepts: READ,
      docs: DOCS.list,
      answer: ({ repository, url }, number) => {
        const issue = repository.issues.get(Number(number));
        if (issue === undefined) return failure(404, "Not Found", DOCS.list);
        const items = issue.comments.filter(shown).map((each) => render(repository, issue, each));
        return page(url, repository.id, `issues/${number}/comments`, items);
      },
    },
    {
      method: "POST",
      path: /^\/issues\/(\d+)\/comments$/,
      accepts: WRITE,
      docs: DOCS.create,
      makesContent: true,
      answer: (asking, number) => {
        const { repository, grant } = asking;
        const issue = repository.issues.get(Number(number));
        if (issue === undefined) return failure(404, "Not Found", DOCS.create);
        const refused = refuse(asking, issue, DOCS.create);
        if (refused !== undefined) return refused;
        const body = `${bodyJson(asking.request)?.["body"]}`;
        const comment = addComment(repository, issue, nextId(), grant.account, body, clock.now());
        const rendered = render(repository, issue, comment);
        return jsonResponse(201, rendered, { location: rendered.url });
      },
    },
    {
      method: "GET",
      path: /^\/issues\/comments\/(\d+)$/,
      accepts: READ,
      docs: DOCS.find,
      answer: ({ repository }, id) => {
        const found = findComment(repository, Number(id));
        return found === undefined
          ? failure(404, "Not Found", DOCS.find)
          : jsonResponse(200, render(repository, ...found));
      },
    },
    {
      method: "PATCH",
      path: /^\/issues\/comments\/(\d+)$/,
      accepts: WRITE,
      docs: DOCS.edit,
      makesContent: true,
      // Whoever may write here may edit everybody's comments: nothing protects those of others but the client's care.
      answer: (asking, id) => {
        const found = findComment(asking.repository, Number(id));
        if (found === undefined) return failure(404, "Not Found", DOCS.edit);
        const [issue, comment] = found;
        const refused = refuse(asking, issue, DOCS.edit);
        if (refused !== undefined) return refused;
        const own = comment.author.id === asking.grant.account.id;
        if (!own && !hasRole(asking.grant, asking.repository, "write"))
          return failure(403, "Must have admin rights to Repository.", DOCS.edit);
        comment.body = `${bodyJson(asking.request)?.["body"]}`;
        comment.updatedAt = clock.now();
        return jsonResponse(200, render(asking.repository, issue, comment));
      },
    },
    {
      method: "DELETE",
      path: /^\/issues\/comments\/(\d+)$/,
      accepts: WRITE,
      docs: DOCS.delete,
      answer: ({ repository }, id) =>
        removeComment(repository, Number(id)) ? emptyResponse(204) : failure(404, "Not Found", DOCS.delete),
    },
  ];
}

/** What one needs to write here, as sets of permissions. */
export function writeNeeds({ pullRequest }: Issue, { issuesCoverPullRequests }: GitHubSettings): string {
  if (!pullRequest) return "issues=write";
  return issuesCoverPullRequests ? WRITE : "pull_requests=write";
}

export function addressOf(repository: Repository, issue: Issue, { id }: Comment): string {
  const place = issue.pullRequest ? "pull" : "issues";
  return `https://github.com/${repository.fullName}/${place}/${issue.number}#issuecomment-${id}`;
}

export function findComment(repository: Repository, id: number): readonly [Issue, Comment] | undefined {
  for (const issue of repository.issues.values()) {
    const comment = issue.comments.find((each) => each.id === id);
    if (comment !== undefined) return [issue, comment];
  }
  return undefined;
}

/** Takes a comment away, as anybody with the right does. False where there is none. */
export function removeComment(repository: Repository, id: number): boolean {
  const found = findComment(repository, id);
  if (found === undefined) return false;
  const [issue, comment] = found;
  issue.comments.splice(issue.comments.indexOf(comment), 1);
  return true;
}

/** 403 for every change of what is archived. */
export function archived(docs: string): WireResponse {
  return failure(403, "Repository was archived so is read-only.", docs);
}

/** 403 for a token that lacks a permission. */
export function notAccessible(kind: string, docs: string): WireResponse {
  const by = kind === "installation" ? "integration" : "personal access token";
  return failure(403, `Resource not accessible by ${by}`, docs);
}

function tooLong(body: string, { bodyLimit }: GitHubSettings): boolean {
  return "characters" in bodyLimit
    ? [...body].length > bodyLimit.characters
    : Buffer.byteLength(body) > bodyLimit.bytes;
}
