import { type Azure, createAzure } from "../azure/azure.ts";
import { asObject, type Json } from "../azure/wire.ts";
import type { GitHubApi } from "./github-api.ts";
import type { TokenOptions } from "./tokens.ts";

export interface Asked {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty where the body is no object. */
  readonly json: Json;
  /** Empty where the body is no list. */
  readonly list: readonly unknown[];
}

export type AskGitHub = (method: string, path: string, body?: unknown) => Promise<Asked>;

/** Asks GitHub's API with a token, without octokit. */
export function ask(azure: Azure, token: string): AskGitHub {
  return async (method, path, body) => {
    const headers: Record<string, string> = token === "" ? {} : { authorization: `Bearer ${token}` };
    const request = { method, url: `https://api.github.com${path}`, headers };
    const answer = await azure.answer(body === undefined ? request : { ...request, body: JSON.stringify(body) });
    const value: unknown = answer.body.length === 0 ? undefined : JSON.parse(answer.body.toString());
    return {
      status: answer.status,
      headers: answer.headers as Record<string, string>,
      json: asObject(value) ?? {},
      list: Array.isArray(value) ? value : [],
    };
  };
}

/** A repository with pull request 12, and whoever asks about it. */
export function open(): {
  readonly azure: Azure;
  readonly api: GitHubApi;
  as(options?: Partial<TokenOptions>): AskGitHub;
} {
  const azure = createAzure({ now: new Date("2026-11-21T09:17:00Z"), frozen: true });
  const api = azure.githubApi;
  api.addRepository({ name: "octo/shop", id: "599293758", collaborators: { mona: "write", hubot: "read" } });
  api.addPullRequest("octo/shop", { number: 12 });
  const all = { issues: "write", "pull-requests": "write", actions: "read" };
  const as = (options: Partial<TokenOptions> = {}) =>
    ask(azure, api.createToken({ repository: "octo/shop", permissions: all, ...options }));
  return { azure, api, as };
}
