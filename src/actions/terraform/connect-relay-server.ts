import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { decideCall } from "../../oidc/relay/decide-call.ts";
import type { RelayTokens } from "./relay-tokens.ts";

/** A relay that answers. */
export interface RelayServer {
  readonly port: number;
  /** Breaks off what is under way. */
  close(): Promise<void>;
}

/** How long a request may take to arrive, and how often that is looked at. */
const REQUEST_MS = 5_000;
const CHECK_MS = 1_000;
/** Go's client lets go of idle connections after 90 s; who closes first must not be us, in the middle of a request. */
const IDLE_MS = 120_000;
const HEADERS_BYTES = 16_384;

/** Answers on a loopback port of the system's choice, as GitHub's token service would. */
export async function openRelayServer(secret: string, tokens: RelayTokens): Promise<RelayServer> {
  const server = createServer(
    {
      headersTimeout: REQUEST_MS,
      requestTimeout: REQUEST_MS,
      connectionsCheckingInterval: CHECK_MS,
      keepAliveTimeout: IDLE_MS,
      maxHeaderSize: HEADERS_BYTES,
    },
    (request, response) =>
      void answer(request, response).catch((error: unknown) => {
        // One request may fail by a fault of ours; the next is answered.
        console.error(error);
        if (!response.headersSent) send(response, 503, { message: "The relay has a fault." });
      }),
  );
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const verdict = decideCall(
      {
        method: request.method ?? "",
        target: request.url ?? "",
        host: request.headers.host ?? "",
        authorization: request.headers.authorization ?? "",
      },
      { port, secret },
    );
    // Nobody has a reason to send one.
    request.resume();
    if (verdict.kind === "refuse") {
      const allow = verdict.status === 405 ? { allow: "GET" } : {};
      // Who is refused gets no connection to keep.
      send(response, verdict.status, { message: verdict.message }, { ...allow, connection: "close" });
      return;
    }
    const given = await tokens.give(verdict.audience);
    if (given.kind === "token") send(response, 200, { count: given.value.length, value: given.value });
    else {
      const { status, message, retryAfterSeconds } = given;
      send(response, status, { message }, retryAfterSeconds === undefined ? {} : { "retry-after": retryAfterSeconds });
    }
  };
  const port = await listen(server);
  return {
    port,
    close: () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      return closed;
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: 0, backlog: 1024 }, () => resolve((server.address() as AddressInfo).port));
  });
}

function send(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string | number>> = {},
): void {
  const type = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" };
  response.writeHead(status, { ...type, ...headers }).end(JSON.stringify(body));
}
