import { connectGitHub, type GitHub } from "../../src/github/connect-github.ts";
import type { GitHubOptions } from "../../src/github/session.ts";
import { type Azure, createAzure } from "../azure/azure.ts";
import { createFetch } from "../github/fetch.ts";
import type { GitHubApi } from "../github/github-api.ts";
import type { TokenOptions } from "../github/tokens.ts";

export const REPOSITORY = "octo/shop";
export const MARKER = "<!-- mayfly:terraform:pr-12 -->";
export const BOT = "github-actions[bot]";
/** What decisions.md lets a preview's job have. */
export const PERMISSIONS = {
  contents: "read",
  "pull-requests": "write",
  deployments: "write",
  checks: "write",
  actions: "read",
};

/** Our adapter through the real octokit, against the emulator, on its frozen clock. */
export interface Meeting {
  readonly azure: Azure;
  readonly api: GitHubApi;
  readonly token: string;
  readonly github: GitHub;
  readonly warnings: string[];
  readonly masked: string[];
  /** Milliseconds of every wait. */
  readonly waits: number[];
  readonly cancel: AbortController;
  /** Another process with another token, or the same one. */
  connect(options?: Partial<GitHubOptions>): GitHub;
  /** `method path` of every request so far that is not in the record of the last call. */
  asked(): readonly string[];
  write(body: string, more?: { readonly onlyExisting?: boolean; readonly issue?: number }): Promise<string | undefined>;
}

export function meet(options: Partial<TokenOptions> = {}): Meeting {
  const azure = createAzure({ now: new Date("2026-11-21T09:17:00Z"), frozen: true });
  const api = azure.githubApi;
  api.addRepository({ name: REPOSITORY, id: "599293758", collaborators: { mona: "write", hubot: "read" } });
  api.addPullRequest(REPOSITORY, { number: 12 });
  const token = api.createToken({ repository: REPOSITORY, permissions: PERMISSIONS, ...options });
  const cancel = new AbortController();
  const [warnings, masked, waits]: [string[], string[], number[]] = [[], [], []];
  const time = {
    now: azure.clock.now,
    sleep: async (milliseconds: number) => {
      waits.push(milliseconds);
      azure.clock.advance(milliseconds);
    },
    left: () => 600_000,
    random: () => 0.5,
  };
  const connect: Meeting["connect"] = (more) =>
    connectGitHub({
      token,
      environment: {},
      time,
      cancelled: cancel.signal,
      mask: (secret) => masked.push(secret),
      warn: (message) => warnings.push(message),
      fetch: createFetch(azure),
      ...more,
    });
  const github = connect();
  let seen = 0;
  return {
    azure,
    api,
    token,
    github,
    warnings,
    masked,
    waits,
    cancel,
    connect,
    asked: () => {
      const fresh = azure.traffic.requests.slice(seen).map(({ method, path }) => `${method} ${path}`);
      seen = azure.traffic.requests.length;
      return fresh;
    },
    write: (body, { issue = 12, ...more } = {}) =>
      github.comments.write({ repository: REPOSITORY, issue, marker: MARKER, body, ...more }),
  };
}

/** What stands in sight under the pull request, as `author: body`. */
export function inSight(api: GitHubApi, issue = 12): readonly string[] {
  return api
    .comments(REPOSITORY, issue)
    .filter(({ minimized }) => minimized === undefined)
    .map(({ author, body }) => `${author}: ${body}`);
}
