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
  /** At most 16 kB; a client assertion is cut to its subject. */
  readonly body: string;
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

const BODY_BYTES = 16 * 1024;

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

/** Headers and body as they may be kept and shown: without a usable token. */
export function redact(request: WireRequest): Pick<RecordedRequest, "headers" | "body"> {
  const authorization = request.headers["authorization"];
  return {
    headers:
      authorization === undefined
        ? request.headers
        : { ...request.headers, authorization: withoutToken(authorization) },
    body: (request.body ?? "")
      .toString()
      .slice(0, BODY_BYTES)
      .replace(/(client_assertion=)([^&]+)/, (_, name: string, token: string) => `${name}${subjectOf(token)}`)
      .replace(/(client_secret=)([^&]+)/, "$1***"),
  };
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
