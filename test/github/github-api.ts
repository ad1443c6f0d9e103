import { randomBytes } from "node:crypto";
import type { Clock } from "../azure/clock.ts";
import { bearerToken, type Json, type WireRequest, type WireResponse } from "../azure/wire.ts";
import { type Accounts, createAccounts, GITHUB_ACTIONS } from "./account.ts";
import { addCheck, type Check, type CheckOptions, checkRoutes } from "./checks.ts";
import { addComment, commentRoutes, findComment, notAccessible, removeComment } from "./comments.ts";
import type { Deployment } from "./deployment.ts";
import { addDeployment, type DeploymentOptions, deploymentRoutes } from "./deployments.ts";
import { renderCommentEvent, renderPullEvent } from "./events.ts";
import { failure } from "./failure.ts";
import { answerGraphql } from "./graphql.ts";
import { createPull, type Pull, type PullOptions, pullRoutes } from "./pulls.ts";
import { createRates, type Rates, type Resource } from "./rates.ts";
import { reactionRoutes } from "./reactions.ts";
import { type Comment, createRepository, type Issue, type Repository, type RepositoryOptions } from "./repository.ts";
import { repositoryRoutes } from "./repository-routes.ts";
import type { Route } from "./route.ts";
import { createRun, type Run, type RunOptions } from "./runs.ts";
import { createGitHubSettings, type GitHubSettings } from "./settings.ts";
import { createTokens, type Grant, mayDo, reaches, type TokenOptions } from "./tokens.ts";
import {
  type ShownCheck,
  type ShownComment,
  type ShownDeployment,
  type ShownReaction,
  showChecks,
  showComments,
  showDeployments,
  showReactions,
} from "./views.ts";

export type { ShownCheck, ShownComment, ShownDeployment, ShownReaction };

export const GITHUB_API_HOST = "api.github.com";

export interface IssueOptions {
  readonly number?: number;
  readonly title?: string;
  readonly author?: string;
  readonly pullRequest?: boolean;
  readonly locked?: boolean;
}

/** With what makes it a pull request rather than an issue. */
export interface PullRequestOptions extends Omit<IssueOptions, "pullRequest">, PullOptions {}

/** GitHub's REST and GraphQL in memory, as far as Mayfly asks it. */
export interface GitHubApi {
  readonly settings: GitHubSettings;
  readonly rates: Rates;
  addRepository(options: RepositoryOptions): Repository;
  /** By name, in any case. @throws when there is none */
  repository(name: string): Repository;
  /** An issue; with `pullRequest` one that is a pull request's conversation, with all the rest left to chance. */
  addIssue(repository: string, options?: IssueOptions): Issue;
  addPullRequest(repository: string, options?: PullRequestOptions): Pull;
  /** @throws when there is none */
  pull(repository: string, number: number): Pull;
  /** The event of a pull request as it stands now: `synchronize`, or `labeled` with `{ label: { name } }` besides. */
  pullEvent(repository: string, number: number, action: string, more?: Json & { readonly sender?: string }): Json;
  /** The event of a comment: `issue_comment`, `created`. */
  commentEvent(repository: string, commentId: number): Json;
  /** What somebody writes by hand: no permission is asked for. */
  addComment(repository: string, issue: number, author: string, body: string): Comment;
  /** What somebody with the right deletes by hand. */
  deleteComment(repository: string, id: number): void;
  /** What somebody with the right hides by hand; without a reason it is shown again. */
  hideComment(repository: string, id: number, reason?: string): void;
  comments(repository: string, issue: number): readonly ShownComment[];
  reactions(repository: string, commentId: number): readonly ShownReaction[];
  /** A check run of another app's, or of a job: no permission is asked for. */
  addCheck(repository: string, options: CheckOptions): Check;
  /** Of one commit, or all; the oldest first. */
  checks(repository: string, sha?: string): readonly ShownCheck[];
  /** A deployment that is there already: no permission is asked for. */
  addDeployment(repository: string, options: DeploymentOptions): Deployment;
  /** The oldest first. */
  deployments(repository: string): readonly ShownDeployment[];
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
  let lastId = 52_000_000_000;
  const nextId = () => {
    lastId += 3;
    return lastId;
  };
  const routes = [
    ...commentRoutes(settings, clock, nextCommentId),
    ...reactionRoutes(settings, clock, nextId),
    ...pullRoutes(),
    ...checkRoutes(settings, clock, nextId),
    ...deploymentRoutes(settings, clock, nextId),
    ...repositoryRoutes(accounts, clock),
  ];
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
  const pull: GitHubApi["pull"] = (name, number) => {
    const found = repository(name).pulls.get(number);
    if (found === undefined) throw new Error(`No pull request ${name}#${number}`);
    return found;
  };
  const addIssue = (name: string, options: IssueOptions & PullOptions = {}): Issue => {
    const here = repository(name);
    const { issues } = here;
    const number = options.number ?? Math.max(0, ...issues.keys()) + 1;
    const author = accounts.named(options.author ?? "mona");
    const { title = "A change", pullRequest = false, locked = false } = options;
    const labels = new Set(options.labels);
    const issue: Issue = { number, pullRequest, title, author, locked, state: "open", labels, comments: [] };
    issues.set(number, issue);
    if (pullRequest) here.pulls.set(number, createPull(here, issue, options, clock));
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
    addPullRequest: (name, options = {}) => pull(name, addIssue(name, { ...options, pullRequest: true }).number),
    pull,
    pullEvent: (name, number, action, { sender = "mona", ...more } = {}) =>
      renderPullEvent(repository(name), pull(name, number), accounts.named(sender), action, more),
    commentEvent: (name, id) => renderCommentEvent(repository(name), id),
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
    comments: (name, number) => showComments(repository(name), number),
    reactions: (name, id) => showReactions(repository(name), id),
    addCheck: (name, options) =>
      addCheck(repository(name), nextId(), accounts.named(options.app ?? GITHUB_ACTIONS.login), options, clock.now()),
    checks: (name, sha) => showChecks(repository(name), sha),
    addDeployment: (name, options) => {
      const creator = accounts.named(options.creator ?? GITHUB_ACTIONS.login);
      return addDeployment(repository(name), nextId(), creator, options, clock.now());
    },
    deployments: (name) => showDeployments(repository(name)),
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
