import type { IncomingMessage } from "node:http";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { oncePer } from "../kit/once.ts";
import { readBody } from "../kit/read-body.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What octokit asks of `fetch`: bodies are text, and nothing is streamed. */
interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** As much of a `Response` as octokit reads. */
interface Answer {
  readonly status: number;
  readonly url: string;
  readonly headers: ReadonlyMap<string, string>;
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A page of a hundred comments, each of 65,536 characters, is a third of it. */
const LONGEST_BODY_BYTES = 64 * 1_048_576;
/** A connection that has been idle for longer is not used again: GitHub may be closing it just then. */
const LONGEST_IDLE_MS = 4_000;
const REDIRECTS = 3;
const MOVED: ReadonlySet<number> = new Set([301, 302, 307, 308]);

/**
 * A `fetch` for octokit over node:https, through the job's proxy where there is one. Node's own is undici, which takes
 * 40 ms of each start to load; it takes no proxy without a second undici, which takes 100 ms. An answer that breaks off
 * rejects, where octokit would take the half for the whole.
 */
export function createHttpsFetch(environment: Environment): (url: string, asked: Asked) => Promise<Answer> {
  const connect = oncePer(async (protocol: string) => {
    const { Agent, request } = protocol === "http:" ? await import("node:http") : await import("node:https");
    return { request, agent: new Agent({ keepAlive: true, timeout: LONGEST_IDLE_MS, proxyEnv: { ...environment } }) };
  });
  const send = async (url: URL, { method = "GET", headers, body, signal }: Asked): Promise<Answer> => {
    const { request, agent } = await connect(url.protocol);
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const options = {
      agent,
      method,
      headers: { ...headers, "accept-encoding": "gzip" },
      ...(signal ? { signal } : {}),
    };
    request(url, options, resolve).on("error", reject).end(body);
    return readAnswer(await promise, url);
  };
  return async (text, asked) => {
    let url = new URL(text);
    for (let count = 0; ; count += 1) {
      const answer = await send(url, asked);
      const location = answer.headers.get("location");
      if (!MOVED.has(answer.status) || location === undefined) return answer;
      const next = new URL(location, url);
      // A repository that has another name now. What changes something is not sent twice, and the token stays here.
      if (count === REDIRECTS || next.origin !== url.origin || (asked.method ?? "GET") !== "GET") {
        throw new Error(`it leads on to ${next.origin}${next.pathname}`);
      }
      url = next;
    }
  };
}

async function readAnswer(response: IncomingMessage, { href }: URL): Promise<Answer> {
  const headers = new Map(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : `${value}`,
    ]),
  );
  const body = await readBody(unpack(response), LONGEST_BODY_BYTES);
  return {
    status: response.statusCode ?? 0,
    url: href,
    headers,
    text: async () => body,
    arrayBuffer: async () => new TextEncoder().encode(body).buffer,
  };
}

function unpack(response: IncomingMessage): Readable {
  if (response.headers["content-encoding"] !== "gzip") return response;
  // Ends both when one of them fails; the fault is thrown to who reads.
  return pipeline(response, createGunzip(), () => {});
}
