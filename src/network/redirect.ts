import { NetworkError } from "./network-error.ts";
import type { Received } from "./send-request.ts";

export const MOST_REDIRECTS = 5;

export interface Question {
  readonly url: URL;
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** What may be told to whoever an answer points to. Any other header may be a secret that is not theirs. */
const PUBLIC: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "content-type",
  "user-agent",
]);

/**
 * The question that an answer's redirect asks for; undefined when it is none. The rules are those of fetch
 * (https://fetch.spec.whatwg.org/#http-redirect-fetch), but to another origin only the headers above go.
 */
export function followRedirect(asked: Question, { status, headers }: Received): Question | undefined {
  const location = headers["location"];
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  const url = parse(location, asked.url);
  const bare =
    (status === 303 && asked.method !== "GET" && asked.method !== "HEAD") || (status < 303 && asked.method === "POST");
  const kept = Object.entries(asked.headers).filter(
    ([name]) =>
      name !== "host" &&
      (url.origin === asked.url.origin || PUBLIC.has(name)) &&
      !(bare && name.startsWith("content-")),
  );
  return {
    url,
    method: bare ? "GET" : asked.method,
    headers: Object.fromEntries(kept),
    body: bare ? undefined : asked.body,
  };
}

function parse(location: string, from: URL): URL {
  const url = URL.parse(location, from.href);
  if (url === null) throw new NetworkError("other", `it redirects to what is no address: ${location.slice(0, 100)}`);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new NetworkError("other", `it redirects to what is no HTTP: ${location.slice(0, 100)}`);
  }
  // A login that somebody else put there is not ours to use.
  url.username = "";
  url.password = "";
  return url;
}
