import { decodeJwt } from "jose";
import type { WireRequest } from "./wire.ts";

export interface RecordedRequest {
  readonly at: Date;
  readonly method: string;
  readonly url: string;
  readonly host: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** `authorization` is cut to its scheme and the subject of its token. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most 16 kB; a client assertion is cut to its subject, other credentials are left out. Empty for a streamed body that is no text. */
  readonly body: string;
  /** Grow while a streamed body is still under way. */
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Zero where the connection was broken instead. */
  readonly status: number;
  readonly milliseconds: number;
  /** Why the emulator would not answer: an unknown name, path, type or api-version. */
  readonly refused?: string;
  /** Names of the faults that struck. */
  readonly faults?: readonly string[];
}

export interface Traffic {
  readonly requests: readonly RecordedRequest[];
  /** How many were let go because more than `keep` came. */
  readonly dropped: number;
  clear(): void;
  record(request: RecordedRequest): void;
  /** Those that fit; a text means equal, except for `path`, where case does not count. */
  find(match: { method?: string; host?: string | RegExp; path?: string | RegExp }): readonly RecordedRequest[];
  refused(): readonly RecordedRequest[];
}

/** How much of a body is kept. */
export const BODY_BYTES = 16 * 1024;

/** `keep` bounds memory: beyond it the oldest half goes. */
export function createTraffic(keep = 20_000): Traffic {
  const requests: RecordedRequest[] = [];
  let dropped = 0;
  return {
    requests,
    get dropped() {
      return dropped;
    },
    clear: () => {
      requests.length = 0;
    },
    record: (request) => {
      if (requests.length >= keep) dropped += requests.splice(0, Math.ceil(keep / 2)).length;
      requests.push(request);
    },
    find: (match) =>
      requests.filter(
        (request) =>
          (match.method === undefined || match.method === request.method) &&
          (match.host === undefined || fits(match.host, request.host)) &&
          (match.path === undefined || fitsPath(match.path, request.path)),
      ),
    refused: () => requests.filter((request) => request.refused !== undefined),
  };
}

function fits(pattern: string | RegExp, text: string): boolean {
  return typeof pattern === "string" ? pattern === text : pattern.test(text);
}

function fitsPath(pattern: string | RegExp, path: string): boolean {
  return typeof pattern === "string" ? pattern.toLowerCase() === path.toLowerCase() : pattern.test(path);
}

/** Headers as they may be kept and shown: without a usable token. */
export function redactHeaders({ headers }: Pick<WireRequest, "headers">): RecordedRequest["headers"] {
  const authorization = headers["authorization"];
  return authorization === undefined ? headers : { ...headers, authorization: withoutToken(authorization) };
}

/** The beginning of a body as it may be kept. */
export function redactBody(body: string | Buffer): string {
  return (typeof body === "string" ? body : body.toString("utf8", 0, BODY_BYTES))
    .slice(0, BODY_BYTES)
    .replace(/(client_assertion=)([^&]+)/, (_, name: string, token: string) => `${name}${subjectOf(token)}`)
    .replace(
      /\b((?:access|refresh)_token=)(eyJ[^&]+)/g,
      (_, name: string, token: string) => `${name}${subjectOf(token)}`,
    )
    .replace(/\b(client_secret=|password=)([^&]+)/g, "$1***")
    .replace(/("password"\s*:\s*)"[^"]*"/g, '$1"***"');
}

/** Whether what is sent in this type can be read by people. */
export function isText(contentType: string | undefined): boolean {
  return /^text\/|json|xml|x-www-form-urlencoded/i.test(contentType ?? "");
}

function withoutToken(header: string): string {
  const [scheme = "", token = ""] = header.split(" ");
  return `${scheme} ${subjectOf(token)}`;
}

const subjects = new Map<string, string>();

/** One token comes with thousands of requests, so that what it says is kept. */
function subjectOf(token: string): string {
  const known = subjects.get(token);
  if (known !== undefined) return known;
  if (subjects.size > 100) subjects.clear();
  const subject = readSubject(token);
  subjects.set(token, subject);
  return subject;
}

function readSubject(token: string): string {
  try {
    return `<${decodeJwt(token).sub ?? "no subject"}>`;
  } catch {
    return "<opaque>";
  }
}
