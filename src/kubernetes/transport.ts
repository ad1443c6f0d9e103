import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent, request as requestHttps } from "node:https";
import { connectionError, timedOut } from "./connection-error.ts";
import type { Credentials } from "./login.ts";

/** One request as it goes over the wire. */
export interface WireRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
}

/** Carries a request to the API server. Resolves with the head of any answer; rejects only when none came. */
export type Transport = (request: WireRequest, credentials: Credentials) => Promise<IncomingMessage>;

/** A free connection is not kept until a load balancer drops it without a word (Azure's after 4 minutes). */
const IDLE_MS = 30_000;

/**
 * HTTPS of Node, so that a watch is a stream and a proxy is what Node makes of it.
 *
 * @param connectMs how long the way to the server may take: a firewall that says nothing is told from a slow answer
 */
export function createTransport(server: URL, connectMs: number): Transport {
  const agents = new Map<string, Agent | HttpAgent>();
  const agentFor = ({ tls, proxy }: Credentials): Agent | HttpAgent => {
    const key = JSON.stringify([proxy, ...Object.entries(tls).map(String)]);
    const known = agents.get(key);
    if (known !== undefined) return known;
    const options = {
      keepAlive: true,
      timeout: IDLE_MS,
      ...(proxy === undefined ? {} : { proxyEnv: proxyEnv(proxy) }),
    };
    const made = server.protocol === "http:" ? new HttpAgent(options) : new Agent({ ...options, ...tls });
    agents.set(key, made);
    return made;
  };

  return ({ body, ...wire }, credentials) =>
    new Promise((resolve, reject) => {
      const { proxy } = credentials;
      const send = server.protocol === "http:" ? requestHttp : requestHttps;
      const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
      const request = send({
        ...wire,
        hostname: server.hostname.replace(/^\[(.*)\]$/, "$1"),
        port: server.port,
        agent: agentFor(credentials),
        headers: {
          "user-agent": "mayfly",
          accept: "application/json",
          ...(credentials.headers as Record<string, string | string[]>),
          ...wire.headers,
          ...length,
        },
      });
      const connecting = setTimeout(() => {
        const way = proxy === undefined ? "" : " through the proxy";
        request.destroy(timedOut(`no connection${way} within ${connectMs / 1000} s`));
      }, connectMs);
      const connected = (): void => clearTimeout(connecting);
      request.on("socket", (socket) => {
        if (request.reusedSocket || !socket.connecting) connected();
        else socket.once(server.protocol === "http:" ? "connect" : "secureConnect", connected);
      });
      request.on("response", (response) => {
        connected();
        resolve(response);
      });
      request.on("error", (error) => {
        connected();
        reject(connectionError(error));
      });
      request.end(body);
    });
}

/** Whether a proxy is needed was decided already, so that Node must not ask NO_PROXY again. */
function proxyEnv(proxy: string): NodeJS.ProcessEnv {
  return { HTTPS_PROXY: proxy, HTTP_PROXY: proxy, NO_PROXY: "" };
}
