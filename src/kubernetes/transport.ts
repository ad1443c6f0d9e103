import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { connectionError } from "./connection-error.ts";
import { type Connections, hostOf } from "./connections.ts";
import type { Credentials } from "./login.ts";

/** One request as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
}

/** Carries a request to the API server. Resolves with the head of any answer; rejects only when none came. */
export type Transport = (request: WireRequest, credentials: Credentials) => Promise<IncomingMessage>;

/** HTTPS of Node, so that a watch is a stream and a proxy is what Node makes of it. */
export function createTransport(server: URL, connections: Connections): Transport {
  return ({ body, ...wire }, credentials) =>
    new Promise((resolve, reject) => {
      const send = server.protocol === "http:" ? requestHttp : requestHttps;
      const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
      const request = send({
        ...wire,
        hostname: hostOf(server),
        port: server.port,
        agent: connections.agentFor(credentials),
        headers: { ...renderHeaders(credentials), accept: "application/json", ...wire.headers, ...length },
      });
      connections.limitConnecting(request, credentials);
      request.on("response", resolve);
      request.on("error", (error) => reject(connectionError(error)));
      request.end(body);
    });
}

/** Who asks. */
export function renderHeaders({ headers }: Credentials): Record<string, string | string[]> {
  return { "user-agent": "mayfly", ...(headers as Record<string, string | string[]>) };
}
