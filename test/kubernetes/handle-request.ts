import { randomUUID } from "node:crypto";
import { type IncomingMessage, ServerResponse } from "node:http";
import type { TLSSocket } from "node:tls";
import { parse } from "yaml";
import { answerRequest } from "./answer-request.ts";
import type { ApiServer } from "./api-server.ts";
import { type Attempt, attemptOf, renderForbidden, review } from "./authorize.ts";
import { answerDiscovery } from "./discovery.ts";
import type { FaultEffect, Faults } from "./faults.ts";
import type { Json } from "./field-paths.ts";
import type { Served } from "./kinds.ts";
import { readPodLog } from "./pod-log.ts";
import { openPodStream, type Upgrade } from "./pod-stream.ts";
import { present, presentAll } from "./present.ts";
import { readProtobuf } from "./protobuf.ts";
import { readTarget } from "./request-path.ts";
import { passOn } from "./service-proxy.ts";
import { Refusal, statusOf } from "./status.ts";
import type { Store } from "./store.ts";
import { answerTokenRequest } from "./token-request.ts";
import { type RunningWatch, serveWatch } from "./watch.ts";

/** A request that came, without its credentials. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly user: string;
  readonly contentType: string;
  readonly body: unknown;
  /** 0 where no answer was sent. */
  readonly status: number;
}

interface Handled {
  readonly store: Store;
  readonly settings: ApiServer["settings"];
  readonly faults: Faults;
  kinds(): readonly Served[];
  readonly watches: Set<RunningWatch>;
  now(): Date;
  record(seen: SeenRequest): void;
}

const REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/** Answers what comes over HTTPS: who asks, whether they may, a fault in its place, and the answer. */
export function createHandler(
  options: Handled,
): (request: IncomingMessage, response: ServerResponse, upgrade?: Upgrade) => Promise<void> {
  const { store, settings, faults, kinds, watches, now } = options;
  const hasNamespace = (name: string): boolean =>
    kinds().some((kind) => kind.kind === "Namespace" && store.find(kind, undefined, name) !== undefined);
  const bench = { store, now, hasNamespace };

  const readUser = (request: IncomingMessage): string => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (token === undefined) {
      const socket = request.socket as TLSSocket;
      return (
        (socket.authorized ? socket.getPeerCertificate().subject?.CN?.toString() : undefined) ?? "system:anonymous"
      );
    }
    const user = settings.tokens.get(token);
    if (user === undefined) throw new Refusal(401, "Unauthorized", "Unauthorized");
    return user;
  };
  const check = (attempt: Attempt): void => {
    const answer = attempt.user === "system:anonymous" ? false : settings.may(attempt);
    if (answer !== true) throw new Refusal(403, "Forbidden", renderForbidden(attempt, answer));
  };

  const answer = (
    seen: Omit<SeenRequest, "status">,
    query: URLSearchParams,
    response: ServerResponse,
    { headers, url = "" }: IncomingMessage,
    upgrade: Upgrade | undefined,
  ): number => {
    const { method, path, user } = seen;
    if (path === REVIEWS && method === "POST")
      return send(response, 201, review(seen.body as Json, user, settings.may));
    if (/^\/(?:healthz|livez|readyz)$/.test(path)) return send(response, 200, "ok");
    const found = method === "GET" ? answerDiscovery(path, kinds()) : undefined;
    if (found !== undefined) return send(response, 200, found);
    const target = readTarget(path, kinds());
    if (target === undefined) return send(response, 404, "404 page not found\n");
    const watching = method === "GET" && ["true", "1"].includes(query.get("watch") ?? "");
    const attempt = attemptOf(seen, target, watching);
    check(attempt);
    if (target.subresource === "proxy") {
      const [, own = "/"] = /\/proxy(\/.*|$)/.exec(url) ?? [];
      const request = { method, path: own, headers, body: String(seen.body ?? "") };
      return passOn(store, target, request, settings.applications, response);
    }
    if (upgrade !== undefined) {
      // Since 1.35 a websocket needs the right that kubectl's older way needed, too.
      check({ ...attempt, verb: "create" });
      openPodStream(store, target, upgrade, target.subresource === "exec" ? settings.programs : settings.ports);
      return 101;
    }
    if (target.subresource === "token") {
      return send(response, 201, answerTokenRequest(store, target, seen.body as Json, now()));
    }
    if (watching) {
      const running: RunningWatch = serveWatch(response, {
        target,
        query,
        store,
        streamsLists: settings.streamsLists,
        present: (object) => present(target, object),
        onEnd: () => watches.delete(running),
      });
      watches.add(running);
      return 200;
    }
    if (target.subresource === "log") return send(response, 200, readPodLog(store, target, query, settings.logs));
    const { status, body } = answerRequest(bench, {
      ...seen,
      target,
      query,
      userAgent: headers["user-agent"] ?? "",
    });
    return send(response, status, presentAll(target, body));
  };

  return async (request: IncomingMessage, response: ServerResponse, upgrade?: Upgrade): Promise<void> => {
    const url = new URL(request.url ?? "/", "https://stand-in");
    const path = url.pathname;
    const method = request.method ?? "GET";
    const contentType = request.headers["content-type"] ?? "";
    const bytes = upgrade === undefined ? await readBytes(request) : Buffer.alloc(0);
    let body: unknown;
    let user = "";
    let status = 0;
    const effect = faults.strike(method, path, url.search);
    try {
      if (effect !== undefined && effect !== "reset-after") {
        status = strike(effect, request, response);
        return;
      }
      response.setHeader("audit-id", randomUUID());
      response.setHeader("cache-control", "no-cache, private");
      user = readUser(request);
      if (settings.warning !== undefined) response.setHeader("warning", `299 - ${JSON.stringify(settings.warning)}`);
      body = /\/proxy(?:\/|$)/.test(path) ? bytes.toString() : readBody(contentType, bytes);
      if (effect === "reset-after") response.end = () => response.destroy() as typeof response;
      status = answer(
        { method, path, query: {}, user, contentType, body },
        url.searchParams,
        response,
        request,
        upgrade,
      );
    } catch (error) {
      const refusal =
        error instanceof Refusal
          ? error
          : new Refusal(500, "InternalError", `${error instanceof Error ? error.stack : error}`);
      status = send(response, refusal.code, statusOf(refusal));
    } finally {
      options.record({ method, path, query: Object.fromEntries(url.searchParams), user, contentType, body, status });
    }
  };
}

/** For a connection that asks to become a websocket, and may be refused. */
export function answerOn({ request, socket }: Upgrade): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as TLSSocket);
  response.on("finish", () => socket.end());
  return response;
}

function readBody(contentType: string, bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!/protobuf|cbor/.test(contentType)) return parse(bytes.toString());
  const object = readProtobuf(bytes);
  if (object !== undefined) return object;
  throw new Refusal(415, "UnsupportedMediaType", `the stand-in does not read this kind in ${contentType}`);
}

function send(response: ServerResponse, status: number, body: unknown): number {
  const text = typeof body === "string" ? body : `${JSON.stringify(body)}\n`;
  response.writeHead(status, { "content-type": typeof body === "string" ? "text/plain" : "application/json" });
  response.end(text);
  return status;
}

function strike(
  effect: Exclude<FaultEffect, "reset-after">,
  request: IncomingMessage,
  response: ServerResponse,
): number {
  if (effect === "hang") return 0;
  if (effect === "reset") {
    request.socket.destroy();
    return 0;
  }
  if ("page" in effect) return send(response, effect.status, effect.page);
  for (const [name, value] of Object.entries(effect.headers ?? {})) response.setHeader(name, value);
  return send(
    response,
    effect.status,
    statusOf(new Refusal(effect.status, effect.reason ?? "", effect.message ?? `fault ${effect.status}`)),
  );
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
