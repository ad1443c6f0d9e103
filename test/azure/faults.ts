import { Readable } from "node:stream";
import { type Clock, pass } from "./clock.ts";
import { cutShort, isStream, wholeResponse } from "./streams.ts";
import {
  ConnectionReset,
  jsonResponse,
  type StreamedRequest,
  type StreamedResponse,
  type WireRequest,
  type WireResponse,
} from "./wire.ts";

/** Which requests a fault is for; what is left out matches everything. */
export interface FaultMatch {
  readonly method?: string | RegExp;
  readonly host?: string | RegExp;
  readonly path?: RegExp;
  /** The query with its names and values decoded, `a=b&c=d`. */
  readonly query?: RegExp;
}

export interface Fault {
  /** Shown in the recorded request that the fault changed. */
  readonly name: string;
  readonly when: FaultMatch;
  /** How many matching requests it spoils. Without it: all. */
  readonly times?: number;
  /** How many matching requests pass before the first is spoilt. */
  readonly after?: number;
}

/** What happens to a matching request. The README of this folder lists which effect is which scenario. */
export type Effect =
  /** This answer instead of the real one; the request changes nothing. */
  | {
      readonly kind: "respond";
      readonly status: number;
      readonly headers?: WireResponse["headers"];
      readonly body?: unknown;
    }
  /** 429 as ARM says it; `"none"` leaves Retry-After out, `"http-date"` writes `seconds` from now as a date. */
  | { readonly kind: "throttle"; readonly seconds: number; readonly retryAfter?: "seconds" | "http-date" | "none" }
  /** The connection breaks: before the request is carried out, or after it, which is the nastier half. */
  | { readonly kind: "reset"; readonly carriedOut?: boolean }
  /** The connection breaks in the middle, after so many bytes of one body; a shorter body gets through. */
  | { readonly kind: "cut"; readonly of: "request" | "response"; readonly bytes: number }
  | { readonly kind: "slow"; readonly milliseconds: number }
  /** Something else happens just before the request is carried out: an owner edits a tag, a group vanishes. */
  | { readonly kind: "meanwhile"; readonly run: () => void | Promise<void> }
  /** The real answer, changed. A streamed request comes without its body. */
  | { readonly kind: "rewrite"; readonly answer: (response: WireResponse, request: WireRequest) => WireResponse };

type AnyRequest = WireRequest | StreamedRequest;
type CarryOut = (request: AnyRequest) => Promise<StreamedResponse>;

export interface FaultPlan {
  add(fault: Fault, effect: Effect): void;
  clear(): void;
  /** How often each fault has struck, by name. */
  readonly struck: ReadonlyMap<string, number>;
  /** Carries a request out through every fault that is due for it. */
  around(
    request: AnyRequest,
    url: URL,
    carryOut: CarryOut,
  ): Promise<{ readonly response: StreamedResponse; readonly faults: readonly string[] }>;
}

export function createFaultPlan(clock: Clock): FaultPlan {
  const entries: { readonly fault: Fault; readonly effect: Effect; seen: number; spoilt: number }[] = [];
  const struck = new Map<string, number>();
  return {
    struck,
    add: (fault, effect) => {
      entries.push({ fault, effect, seen: 0, spoilt: 0 });
    },
    clear: () => {
      entries.length = 0;
    },
    around: async (request, url, carryOut) => {
      if (entries.length === 0) return { response: await carryOut(request), faults: [] };
      const due = entries.filter((entry) => {
        if (!matches(entry.fault.when, request, url)) return false;
        entry.seen += 1;
        if (entry.seen <= (entry.fault.after ?? 0) || entry.spoilt >= (entry.fault.times ?? Infinity)) return false;
        entry.spoilt += 1;
        struck.set(entry.fault.name, (struck.get(entry.fault.name) ?? 0) + 1);
        return true;
      });
      const run = due.reduceRight<CarryOut>(
        (inner, { effect }) =>
          (each) =>
            apply(effect, each, clock, inner),
        carryOut,
      );
      return { response: await run(request), faults: due.map(({ fault }) => fault.name) };
    },
  };
}

async function apply(effect: Effect, request: AnyRequest, clock: Clock, carryOut: CarryOut): Promise<StreamedResponse> {
  switch (effect.kind) {
    case "respond":
      return respond(effect);
    case "throttle":
      return throttle(effect, clock);
    case "reset":
      if (effect.carriedOut === true) await wholeResponse(await carryOut(request));
      throw new ConnectionReset();
    case "cut":
      return effect.of === "request"
        ? cutRequest(request, effect.bytes, carryOut)
        : cutResponse(effect.bytes, await carryOut(request));
    case "slow":
      await pass(clock, effect.milliseconds);
      return carryOut(request);
    case "meanwhile":
      await effect.run();
      return carryOut(request);
    case "rewrite":
      return effect.answer(
        await wholeResponse(await carryOut(request)),
        isStreamed(request) ? withoutBody(request) : request,
      );
  }
}

function isStreamed(request: AnyRequest): request is StreamedRequest {
  return isStream(request.body);
}

function withoutBody({ body: _, ...head }: StreamedRequest): WireRequest {
  return head;
}

/** A service that streams sees the first bytes and then the break; any other sees nothing. */
async function cutRequest(request: AnyRequest, bytes: number, carryOut: CarryOut): Promise<StreamedResponse> {
  if (!isStreamed(request)) {
    if ((request.body ?? "").length > bytes) throw new ConnectionReset();
    return carryOut(request);
  }
  const broken = new ConnectionReset();
  const body = cutShort(request.body, bytes, broken);
  const response = await carryOut({ ...request, body }).catch((failure: unknown) => {
    throw body.errored === null ? failure : broken;
  });
  if (body.errored !== null) throw broken;
  return response;
}

function cutResponse(bytes: number, response: StreamedResponse): StreamedResponse {
  const { body } = response;
  const source = isStream(body) ? body : Readable.from([Buffer.from(body)]);
  return { ...response, body: cutShort(source, bytes, new ConnectionReset()) };
}

function respond({ status, headers = {}, body }: Effect & { kind: "respond" }): WireResponse {
  if (body === undefined) return { status, headers, body: "" };
  if (typeof body === "string") return { status, headers: { "content-type": "text/html", ...headers }, body };
  return jsonResponse(status, body, headers);
}

function throttle({ seconds, retryAfter = "seconds" }: Effect & { kind: "throttle" }, clock: Clock): WireResponse {
  const value = {
    seconds: `${seconds}`,
    "http-date": new Date(clock.time() + seconds * 1000).toUTCString(),
    none: undefined,
  }[retryAfter];
  const message = `The request is being throttled. Please try again after '${seconds}' seconds.`;
  const error = { code: "TooManyRequests", message };
  return jsonResponse(429, { error }, value === undefined ? {} : { "retry-after": value });
}

function matches(when: FaultMatch, request: AnyRequest, url: URL): boolean {
  return (
    (when.method === undefined ||
      (typeof when.method === "string"
        ? when.method.toUpperCase() === request.method.toUpperCase()
        : when.method.test(request.method))) &&
    (when.host === undefined ||
      (typeof when.host === "string" ? when.host === url.hostname : when.host.test(url.hostname))) &&
    (when.path === undefined || when.path.test(url.pathname)) &&
    (when.query === undefined || when.query.test(decodedQuery(url)))
  );
}

function decodedQuery(url: URL): string {
  return [...url.searchParams].map(([name, value]) => `${name}=${value}`).join("&");
}
