import { randomBytes } from "node:crypto";
import type { Clock } from "../azure/clock.ts";
import { bearerToken, type WireRequest, type WireResponse } from "../azure/wire.ts";
import { type Accounts, createAccounts } from "./account.ts";
import { addComment, addressOf, commentRoutes, findComment, notAccessible, removeComment } from "./comments.ts";
import { failure } from "./failure.ts";
import { answerGraphql } from "./graphql.ts";
import { createRates, type Rates, type Resource } from "./rates.ts";
import { type Comment, createRepository, type Issue, type Repository, type RepositoryOptions } from "./repository.ts";
import { repositoryRoutes } from "./repository-routes.ts";
import type { Route } from "./route.ts";
import { createRun, type Run, type RunOptions } from "./runs.ts";
import { createGitHubSettings, type GitHubSettings } from "./settings.ts";
import { createTokens, type Grant, mayDo, reaches, type TokenOptions } from "./tokens.ts";

export const GITHUB_API_HOST = "api.github.com";

export interface IssueOptions {
  readonly number?: number;
  readonly title?: string;
  readonly author?: string;
  readonly pullRequest?: boolean;
  readonly locked?: boolean;
}

/** A comment as a test looks at it. */
export interface ShownComment {
  readonly id: number;
  readonly author: string;
  readonly body: string;
  readonly minimized: string | undefined;
  readonly url: string;
}

/** GitHub's REST and GraphQL in memory, as far as Mayfly asks it: comments, runs, what people may do. */
export interface GitHubApi {
  readonly settings: GitHubSettings;
  readonly rates: Rates;
  addRepository(options: RepositoryOptions): Repository;
  /** By name, in any case. @throws when there is none */
  repository(name: string): Repository;
  /** An issue, or with `pullRequest` the conversation of one. */
  addIssue(repository: string, options?: IssueOptions): Issue;
  addPullRequest(repository: string, options?: Omit<IssueOptions, "pullRequest">): Issue;
  /** What somebody writes by hand: no permission is asked for. */
  addComment(repository: string, issue: number, author: string, body: string): Comment;
  /** What somebody with the right deletes by hand. */
  deleteComment(repository: string, id: number): void;
  /** What somebody with the right hides by hand; without a reason it is shown again. */
  hideComment(repository: string, id: number, reason?: string): void;
  comments(repository: string, issue: number): readonly ShownComment[];
  addRun(repository: string, options?: RunOptions): Run;
  /** A token for a job, an app or a user. It is valid until it is revoked. */
  createToken(options: TokenOptions): string;
  revokeToken(token: string): void;
  /** Undefined for a route that is not emulated. */
  answer(request: WireRequest, url: URL): Promise<WireResponse | undefined>;
}

export function createGitHubApi(clock: Clock): GitHubApi {
  const settings = createGitHubSettings();
  const accounts: Accounts = createAccounts();
  const tokens = createTokens(accounts);
  const rates = createRates(clock, settings);
  const repositories = new Map<string, Repository>();
  let lastCommentId = 3_400_000_000;
  let lastRunId = 19_000_000_000;
  const nextCommentId = () => {
    lastCommentId += 7;
    return lastCommentId;
  };
  const routes = [...commentRoutes(settings, clock, nextCommentId), ...repositoryRoutes(accounts)];
  const repository = (name: string): Repository => {
    const found = repositories.get(name.toLowerCase());
    if (found === undefined) throw new Error(`No repository ${name}: there are ${[...repositories.keys()]}`);
    return found;
  };
  const issueOf = (name: string, number: number): Issue => {
    const issue = repository(name).issues.get(number);
    if (issue === undefined) throw new Error(`No issue ${name}#${number}`);
    return issue;
  };
  const commentOf = (name: string, id: number): Comment => {
    const found = findComment(repository(name), id);
    if (found === undefined) throw new Error(`No comment ${id} in ${name}`);
    return found[1];
  };
  const addIssue: GitHubApi["addIssue"] = (name, options = {}) => {
    const { issues } = repository(name);
    const number = options.number ?? Math.max(0, ...issues.keys()) + 1;
    const author = accounts.named(options.author ?? "mona");
    const { title = "A change", pullRequest = false, locked = false } = options;
    const issue: Issue = { number, pullRequest, title, author, locked, state: "open", comments: [] };
    issues.set(number, issue);
    return issue;
  };

  const findRepository = (path: string): readonly [Repository | undefined, string] | undefined => {
    const [, owner = "", name = "", rest = ""] = /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/.exec(path) ?? [];
    if (name !== "") return [repositories.get(`${owner}/${name}`.toLowerCase()), rest];
    const [, id, below = ""] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
    if (id === undefined) return undefined;
    return [[...repositories.values()].find((each) => `${each.id}` === id), below];
  };
  const findRoute = (method: string, rest: string): readonly [Route, readonly string[]] | undefined => {
    for (const route of routes) {
      const match = route.method === method ? route.path.exec(rest) : null;
      if (match !== null) return [route, match.slice(1).map((group) => group && decodeURIComponent(group))];
    }
    return undefined;
  };
  const answerRest = (request: WireRequest, url: URL, grant: Grant): (() => WireResponse) & { route?: Route } => {
    if (url.pathname === "/user") return () => whoAmI(grant);
    const place = findRepository(url.pathname);
    const found = place === undefined ? undefined : findRoute(request.method, place[1]);
    if (place === undefined || found === undefined) throw new UnknownRoute();
    const [route, groups] = found;
    const work = (): WireResponse => {
      const [here] = place;
      if (here === undefined || !reaches(grant, here)) return failure(404, "Not Found", route.docs);
      if (!mayDo(grant, here, route.accepts)) return notAccessible(grant.kind, route.docs);
      return route.answer({ request, url, repository: here, grant }, ...groups);
    };
    return Object.assign(work, { route });
  };

  return {
    settings,
    rates,
    repository,
    addIssue,
    addPullRequest: (name, options = {}) => addIssue(name, { ...options, pullRequest: true }),
    addRepository: (options) => {
      const made = createRepository(options, 599_293_758 + repositories.size);
      repositories.set(options.name.toLowerCase(), made);
      for (const login of Object.keys(options.collaborators ?? {})) accounts.named(login);
      return made;
    },
    addComment: (name, number, author, body) =>
      addComment(repository(name), issueOf(name, number), nextCommentId(), accounts.named(author), body, clock.now()),
    deleteComment: (name, id) => {
      if (!removeComment(repository(name), id)) throw new Error(`No comment ${id} in ${name}`);
    },
    hideComment: (name, id, reason) => {
      commentOf(name, id).minimized = reason;
    },
    comments: (name, number) =>
      issueOf(name, number).comments.map((comment) => ({
        id: comment.id,
        author: comment.author.login,
        body: comment.body,
        minimized: comment.minimized,
        url: addressOf(repository(name), issueOf(name, number), comment),
      })),
    addRun: (name, options = {}) => {
      lastRunId += 1_111;
      const id = options.id ?? lastRunId;
      const run = createRun(repository(name), id, accounts.named(options.actor ?? "mona"), options, clock);
      repository(name).runs.set(id, run);
      return run;
    },
    createToken: tokens.create,
    revokeToken: tokens.revoke,
    answer: async (request, url) => {
      const token = tokenOf(request);
      const grant = token === undefined ? undefined : tokens.find(token);
      const graphql = url.pathname === "/graphql" && request.method === "POST";
      if (token === undefined || grant === undefined) return dressed(failure(401, "Bad credentials"), {});
      const resource: Resource = graphql ? "graphql" : "core";
      try {
        const work = graphql
          ? () => answerGraphql(request, grant, () => [...repositories.values()], settings)
          : answerRest(request, url, grant);
        const route = "route" in work ? (work.route as Route | undefined) : undefined;
        const limited = rates.take(token, grant, resource, route?.makesContent === true);
        const accepted =
          route === undefined || grant.kind === "classic" ? {} : { "x-accepted-github-permissions": route.accepts };
        return dressed(limited ?? work(), { ...accepted, ...rates.headers(token, resource) });
      } catch (unknown) {
        if (unknown instanceof UnknownRoute) return undefined;
        throw unknown;
      }
    },
  };
}

class UnknownRoute extends Error {}

/** `GET /user`, which knows users only. */
function whoAmI({ account, kind }: Grant): WireResponse {
  if (kind === "installation") return notAccessible(kind, "users/users#get-the-authenticated-user");
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ login: account.login, id: account.id }),
  };
}

/** The token, in either of the two schemes that GitHub takes. */
function tokenOf(request: WireRequest): string | undefined {
  return bearerToken(request) ?? /^token\s+(\S+)$/i.exec(request.headers["authorization"] ?? "")?.[1];
}

function dressed(response: WireResponse, headers: Readonly<Record<string, string>>): WireResponse {
  const id = [2, 3, 4, 4, 4].map((bytes) => randomBytes(bytes).toString("hex").toUpperCase()).join(":");
  const fixed = {
    server: "github.com",
    "x-github-media-type": "github.v3; format=json",
    "x-github-request-id": id,
    "x-github-api-version-selected": "2022-11-28",
  };
  return { ...response, headers: { ...fixed, ...headers, ...response.headers } };
}
