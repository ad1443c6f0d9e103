import type { IncomingMessage } from "node:http";
import { harmless } from "../kit/harmless.ts";
import { parseJsonObject } from "../kit/json-object.ts";
import { type Attempt, type RetryPolicy, type RetryWorld, retry } from "../kit/retry.ts";
import { parseRetryAfter } from "../kit/retry-after.ts";
import { UserError } from "../kit/user-error.ts";
import { isPassingFault } from "../oidc/connection-fault.ts";
import { readBody } from "./body.ts";
import { codeOf, timedOut } from "./connection-error.ts";
import type { Connections } from "./connections.ts";
import { explainUnauthorized } from "./explain-login.ts";
import { explainUnreachable } from "./explain-unreachable.ts";
import { KubeRefusal } from "./kube-refusal.ts";
import type { Kubeconfig } from "./kubeconfig.ts";
import type { Login } from "./login.ts";
import type { Transport, WireRequest } from "./transport.ts";

export interface Question extends Pick<WireRequest, "method" | "body"> {
  /** Below the server's own path, without the query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly contentType?: string;
  /** All of them, in the place of the usual; names in lower case. */
  readonly headers?: WireRequest["headers"];
  /** Changes nothing, so that it may be asked again whatever became of it. */
  readonly looks: boolean;
  /** Calls this one request off; the cancel of the job does, too. */
  readonly until?: AbortSignal;
  /** Milliseconds for all of the answer, where it is not the usual. */
  readonly limitMs?: number;
  readonly policy?: RetryPolicy;
}

export interface Asking extends Pick<RetryWorld, "now" | "sleep" | "random"> {
  readonly kubeconfig: Kubeconfig;
  readonly login: Login;
  readonly transport: Transport;
  /** For what is no plain request and its answer. */
  readonly connections: Connections;
  readonly cancelled: AbortSignal;
  readonly requestMs: number;
  readonly tries: number;
  /** Registers a secret that came from the cluster. */
  mask(secret: string): void;
  redact(text: string): string;
  /** Once for each text that the API server warns with. */
  warn(text: string): void;
}

/** An answer, read: what it holds, or the API server's no. */
export type Reading<T> = { readonly value: T } | { readonly refusal: KubeRefusal };

/** For who asks again anyway. A login that is no longer taken is still renewed. */
export const ONCE: RetryPolicy = { tries: 1, firstWaitMs: 0, longestWaitMs: 0 };

const WAITS = { firstWaitMs: 500, longestWaitMs: 15_000 } as const;
/** Answers to a look that another try may not get. `etcdserver: leader changed` is a 500. */
const PASSING: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);
/** The request has not left: a change may be sent again. */
const NOT_TAKEN: ReadonlySet<unknown> = new Set(["ECONNREFUSED", "EAI_AGAIN", "ENETUNREACH", "EHOSTUNREACH"]);

/**
 * The head of an answer below 400; its body is still to be read.
 *
 * @throws KubeRefusal for any other answer
 * @throws UserError `cluster-unreachable`, `cluster-login-failed`, `cancelled`
 */
export async function open(asking: Asking, question: Question): Promise<IncomingMessage> {
  return attempt(asking, question, (response) => readAnswer(asking, response, async () => response));
}

/** The text of an answer below 400. @throws as `open` does */
export async function ask(asking: Asking, question: Question): Promise<string> {
  return attempt(asking, question, (response) => readAnswer(asking, response, readBody));
}

/** A JSON object. @throws as `open` does */
export async function askJson(asking: Asking, question: Question): Promise<Readonly<Record<string, unknown>>> {
  return parseJsonObject(await ask(asking, question));
}

async function readAnswer<T>(
  asking: Asking,
  response: IncomingMessage,
  take: (response: IncomingMessage) => Promise<T>,
): Promise<Reading<T>> {
  const status = response.statusCode ?? 0;
  if (status >= 400) return { refusal: readRefusal(status, await readBody(response)) };
  noteWarnings(asking, response);
  return { value: await take(response) };
}

/** What `read` makes of an answer. @throws as `open` does */
export async function attempt<T>(
  asking: Asking,
  question: Question,
  read: (response: IncomingMessage) => Promise<Reading<T>>,
): Promise<T> {
  const { cancelled } = asking;
  const begun = asking.now().getTime();
  let renewed = false;
  const tryOnce = async (count: number): Promise<Attempt<T>> => {
    if (cancelled.aborted) throw cancelledError();
    const credentials = await asking.login.credentials();
    const { signal, late } = limit(asking, question);
    try {
      const response = await asking.transport(toWire(asking, question, signal), credentials);
      const reading = await read(response);
      if ("value" in reading) return { kind: "done", value: reading.value };
      const { refusal } = reading;
      const { status } = refusal;
      if (status === 401) {
        asking.login.renew(credentials);
        if (renewed) throw explainUnauthorized(asking.kubeconfig, asking.redact(refusal.message), refusal);
        renewed = true;
        return tryOnce(count);
      }
      if (!(question.looks ? PASSING.has(status) : status === 429)) throw refusal;
      const asked = response.headers["retry-after"];
      return { kind: "again", because: refusal, waitMs: parseRetryAfter(asked, asking.now()) };
    } catch (error) {
      if (error instanceof UserError || error instanceof KubeRefusal) throw error;
      if (cancelled.aborted) throw cancelledError();
      // Called off by who asked: the reason is theirs.
      if (question.until?.aborted) throw error;
      const fault = late() ?? error;
      const seconds = Math.round((asking.now().getTime() - begun) / 1000);
      const because = explainUnreachable(
        { ...asking, proxy: credentials.proxy, tries: count, seconds, looks: question.looks },
        fault,
      );
      if (mayRepeat(question, fault)) return { kind: "again", because };
      throw because;
    }
  };
  const world = { ...asking, cancelled: anyOf(cancelled, question.until) };
  return retry(tryOnce, world, question.policy ?? { ...WAITS, tries: asking.tries }).catch((error: unknown) => {
    throw cancelled.aborted && !(error instanceof UserError && error.code === "cancelled") ? cancelledError() : error;
  });
}

function mayRepeat(question: Question, fault: unknown): boolean {
  if (question.looks) return isPassingFault(fault);
  return NOT_TAKEN.has(codeOf(fault));
}

function toWire({ kubeconfig }: Asking, question: Question, signal: AbortSignal): WireRequest {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(question.query ?? {})) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
  }
  const base = kubeconfig.cluster.server.pathname.replace(/\/$/, "");
  const { method, body, contentType = "application/json" } = question;
  return {
    method,
    path: `${base}${question.path}${query.size === 0 ? "" : `?${query}`}`,
    headers: question.headers ?? (body === undefined ? {} : { "content-type": contentType }),
    body,
    signal,
  };
}

/** A signal for one try; `late` is the fault when the time was up. */
function limit({ cancelled, requestMs }: Asking, { until, limitMs = requestMs }: Question) {
  const timer = AbortSignal.timeout(limitMs);
  return {
    signal: AbortSignal.any([cancelled, timer, ...(until === undefined ? [] : [until])]),
    late: () => (timer.aborted ? timedOut(`no whole answer within ${limitMs / 1000} s`) : undefined),
  };
}

function anyOf(first: AbortSignal, second: AbortSignal | undefined): AbortSignal {
  return second === undefined ? first : AbortSignal.any([first, second]);
}

/** The API server's `Status`, or the beginning of whatever stands in its place. */
export function readRefusal(status: number, text: string): KubeRefusal {
  const body = parseJsonObject(text);
  const { reason, message } = body;
  if (body["kind"] === "Status")
    return new KubeRefusal(status, String(reason ?? ""), harmless(String(message ?? `HTTP ${status}`)));
  const said = harmless(text).trim().slice(0, 300);
  return new KubeRefusal(status, "", said === "" ? `HTTP ${status} without a word` : said);
}

/** `Warning: 299 - "policy/v1beta1 PodSecurityPolicy is deprecated"` */
function noteWarnings(asking: Asking, response: IncomingMessage): void {
  for (const [, text = ""] of String(response.headers["warning"] ?? "").matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)) {
    asking.warn(harmless(text.replace(/\\(.)/g, "$1")));
  }
}

/** What a request is broken off with once the job is cancelled. */
export function cancelledError(): UserError {
  return new UserError("cancelled", "The job was cancelled before the cluster had answered.");
}
