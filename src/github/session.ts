import type { getOctokit } from "@actions/github";
import { abortLater } from "../kit/cancel.ts";
import { once } from "../kit/once.ts";
import { retry } from "../kit/retry.ts";
import { UserError } from "../kit/user-error.ts";
import { readPause } from "./answer.ts";
import { createHttpsFetch } from "./https-fetch.ts";
import { readFailure } from "./read-failure.ts";
import { GitHubRefusal, GitHubSilence } from "./refusal.ts";

export type Octokit = ReturnType<typeof getOctokit>;

/** Time as the adapter sees it: a part of what every adapter gets. */
export interface Time {
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
  /** Milliseconds until the run has to be over. */
  left(): number;
  /** From 0 to less than 1. */
  random(): number;
}

export interface GitHubOptions {
  readonly token: string;
  /** GITHUB_API_URL and the proxy's variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly time: Time;
  /** Aborts when the job is cancelled. What is under way, or begun because of it, gets some seconds more. */
  readonly cancelled: AbortSignal;
  /** Hides the token from the log. */
  readonly mask?: (secret: string) => void;
  /** Told what went wrong beside the work itself. */
  readonly warn?: (message: string) => void;
  /** For tests: where requests go instead of the network. */
  readonly fetch?: typeof fetch;
}

/** GitHub's API with one token. */
export interface Session {
  /** Octokit, whose every request is retried where that helps, and fails with `GitHubRefusal` or `GitHubSilence`. */
  octokit(): Promise<Octokit>;
  warn(message: string): void;
  sleep(milliseconds: number): Promise<void>;
}

const API = "https://api.github.com";
/** 2026-03-10 is newer, and unknown to servers of companies. */
const API_VERSION = "2022-11-28";
const LAST_ANSWER_MS = 4_000;
const LONGEST_REQUEST_MS = 30_000;
const RETRY = { tries: 5, firstWaitMs: 1_000, longestWaitMs: 75_000 };
/** A pause is waited for twice, if it is no longer than a minute: nothing here is worth more of a job's time. */
const PAUSES = 2;
const LONGEST_PAUSE_MS = 60_000;

/** Prepares the way to GitHub's API. Octokit is loaded with the first request. */
export function connectSession(options: GitHubOptions): Session {
  const { environment, time } = options;
  options.mask?.(options.token);
  const baseUrl = readBaseUrl(environment["GITHUB_API_URL"]);
  const { origin } = new URL(baseUrl);
  const lasting = abortLater(options.cancelled, LAST_ANSWER_MS);
  const world = { ...time, cancelled: lasting };
  const fetcher = options.fetch ?? createHttpsFetch(environment);
  const octokit = once(async () => {
    const client = (await loadOctokit())(options.token, {
      baseUrl,
      userAgent: "mayfly",
      log: SILENT,
      request: { fetch: fetcher },
    });
    client.hook.wrap("request", async (request, parameters) => {
      const { method, url } = client.request.endpoint(parameters);
      const target = new URL(url);
      // The next page of a list could name any host, and the token would go along.
      if (target.origin !== origin) throw new GitHubSilence(`${target.origin} is not ${origin}`);
      const name = `${method} ${target.pathname}`;
      // What makes something is not sent again when nobody knows what became of it. Our mutations only set something.
      const repeatable = method !== "POST" || target.pathname.endsWith("/graphql");
      parameters.headers = { ...parameters.headers, "x-github-api-version": API_VERSION };
      return retry<Awaited<ReturnType<typeof request>>>(
        async (count) => {
          const late = new AbortController();
          const timer = setTimeout(() => late.abort(SILENCE), LONGEST_REQUEST_MS);
          const signal = AbortSignal.any([lasting, late.signal]);
          try {
            // In place: octokit's hook that adds the token goes by these, and not by what `request` is given.
            parameters.request = { ...parameters.request, signal, log: SILENT };
            const response = await request(parameters);
            // A proxy's page would be read as a list without an entry.
            if (response.status !== 204 && typeof response.data !== "object")
              throw new GitHubSilence(`${name}: what answered is not GitHub's API`);
            const because = findGraphqlLimit(name, response, time.now());
            return because === undefined ? { kind: "done", value: response } : pause(because, count, options);
          } catch (error) {
            if (lasting.aborted) throw new UserError("cancelled", "The job was cancelled before GitHub had answered.");
            const { because, passing } = readFailure(name, error, time.now());
            if (because instanceof GitHubRefusal && because.pause !== undefined) return pause(because, count, options);
            if (passing && repeatable) return { kind: "again", because };
            throw because;
          } finally {
            clearTimeout(timer);
          }
        },
        world,
        RETRY,
      );
    });
    return client;
  });
  return { octokit, warn: (message) => options.warn?.(message), sleep: (milliseconds) => time.sleep(milliseconds) };
}

/** @throws UserError `github-unreachable` when it is no address */
function readBaseUrl(given: string | undefined): string {
  const text = (given || API).replace(/\/+$/, "");
  if (URL.canParse(text)) return text;
  throw new UserError("github-unreachable", `GITHUB_API_URL: expected an address, got ${JSON.stringify(given)}.`);
}

/** Comes again after the pause, or fails where that is too long. */
function pause(because: GitHubRefusal, count: number, { time, cancelled }: GitHubOptions) {
  const waitMs = because.pause?.waitMs ?? 0;
  if (count > PAUSES || waitMs > LONGEST_PAUSE_MS || waitMs >= time.left() || cancelled.aborted) throw because;
  return { kind: "again", because, waitMs } as const;
}

/** GraphQL tells of its limit with 200. */
function findGraphqlLimit(
  name: string,
  response: { readonly status: number; readonly headers: object; readonly data: unknown },
  now: Date,
): GitHubRefusal | undefined {
  if (!name.endsWith("/graphql")) return undefined;
  const errors = (response.data as { errors?: readonly { type?: string; message?: string }[] } | null)?.errors ?? [];
  const limit = errors.find(({ type }) => type?.startsWith("RATE_LIMIT"));
  if (limit === undefined) return undefined;
  const answer = { status: response.status, headers: { ...response.headers }, words: limit.message ?? "" };
  return new GitHubRefusal(name, answer, readPause(answer, now) ?? { limit: "primary", waitMs: LONGEST_PAUSE_MS });
}

/** @throws UserError `runner-files`: the package reads the event's file while it is loaded. */
async function loadOctokit(): Promise<typeof getOctokit> {
  try {
    return (await import("@actions/github")).getOctokit;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    const text = "The file of the event (GITHUB_EVENT_PATH) is no JSON. Mend the runner.";
    throw new UserError("runner-files", text, { cause });
  }
}

const SILENCE = Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" });
const nothing = (): void => {};
/** Octokit would write to the log on its own. */
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };
