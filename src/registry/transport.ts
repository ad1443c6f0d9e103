import { Agent } from "node:http";
import type { Readable } from "node:stream";
import type { HttpClient, HttpMethods, Pipeline, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import { createAgent } from "../kit/keep-alive.ts";
import { once } from "../kit/once.ts";
import { isSafe } from "./api-host.ts";

/** One request as it goes over the wire. */
export interface WireRequest {
  readonly method: HttpMethods;
  readonly url: URL;
  /** Kept from other hosts when the registry redirects. */
  readonly authorization?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | Readable;
  /** Hands the body of a good answer over as a stream. */
  readonly stream?: boolean;
  readonly abortSignal: AbortSignal;
}

/** Carries a request to a registry and back. Rejects only when no answer came. */
export type Transport = (request: WireRequest) => Promise<PipelineResponse>;

const LONGEST_REQUEST_MS = 60_000;
const MOST_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const GOOD: ReadonlySet<number> = new Set([200, 206]);

/**
 * The SDK's HTTP without its retries, its decompression (a blob's bytes are its name) and its redirects (they would go
 * anywhere): proxies and certificates are dealt with as in every other adapter. It is loaded with the first request.
 */
export function createTransport(options: {
  readonly api: URL;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly httpClient?: HttpClient | undefined;
}): Transport {
  const agent = createAgent(options.environment);
  // No proxy leads to this machine itself.
  const near = new Agent({ keepAlive: true });
  const load = once(async () => {
    const { createDefaultHttpClient, createEmptyPipeline, createHttpHeaders, createPipelineRequest, proxyPolicy } =
      await import("@azure/core-rest-pipeline");
    const pipeline: Pipeline = createEmptyPipeline();
    pipeline.addPolicy(proxyPolicy());
    const httpClient = options.httpClient ?? createDefaultHttpClient();
    return { pipeline, httpClient, createHttpHeaders, createPipelineRequest };
  });

  const send = async (request: WireRequest, url: URL): Promise<PipelineResponse> => {
    const { pipeline, httpClient, createHttpHeaders, createPipelineRequest } = await load();
    if (!isSafe(url, options.api)) throw new Error(`${url.origin} is not https`);
    const authorization = url.origin === request.url.origin ? request.authorization : undefined;
    const streaming = typeof request.body === "object" && !Buffer.isBuffer(request.body);
    const carried: PipelineRequest = createPipelineRequest({
      url: url.href,
      method: request.method,
      abortSignal: request.abortSignal,
      headers: createHttpHeaders({
        "user-agent": "mayfly",
        ...request.headers,
        ...(authorization === undefined ? {} : { authorization }),
      }),
      // An upload takes as long as it takes; who sends it watches that it goes on.
      timeout: streaming ? 0 : LONGEST_REQUEST_MS,
      allowInsecureConnection: options.api.protocol === "http:",
      ...(request.body === undefined ? {} : { body: request.body }),
      ...(request.stream === true ? { streamResponseStatusCodes: new Set(GOOD) } : {}),
    });
    if (url.protocol === "http:") carried.agent = near;
    else if (agent !== undefined) carried.agent = agent;
    return pipeline.sendRequest(httpClient, carried);
  };

  return async (request) => {
    let url = request.url;
    for (let followed = 0; ; followed += 1) {
      const response = await send(request, url);
      const location = response.headers.get("location");
      const mayFollow = request.method === "GET" || request.method === "HEAD";
      if (!mayFollow || !REDIRECTS.has(response.status) || location === undefined) return response;
      if (followed >= MOST_REDIRECTS) throw new Error(`more than ${MOST_REDIRECTS} redirects`);
      url = new URL(location, url);
    }
  };
}
