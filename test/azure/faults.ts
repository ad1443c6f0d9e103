import { type Clock, pass } from "./clock.ts";
import { ConnectionReset, jsonResponse, type WireRequest, type WireResponse } from "./wire.ts";

/** Which requests a fault is for; what is left out matches everything. */
export interface FaultMatch {
  readonly method?: string;
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
  | { readonly kind: "slow"; readonly milliseconds: number }
  /** Something else happens just before the request is carried out: an owner edits a tag, a group vanishes. */
  | { readonly kind: "meanwhile"; readonly run: () => void }
  /** The real answer, changed. */
  | { readonly kind: "rewrite"; readonly answer: (response: WireResponse, request: WireRequest) => WireResponse };

export interface FaultPlan {
  add(fault: Fault, effect: Effect): void;
  clear(): void;
  /** How often each fault has struck, by name. */
  readonly struck: ReadonlyMap<string, number>;
  /** Carries a request out through every fault that is due for it. */
  around(
    request: WireRequest,
    url: URL,
    carryOut: () => Promise<WireResponse>,
  ): Promise<{ readonly response: WireResponse; readonly faults: readonly string[] }>;
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
      if (entries.length === 0) return { response: await carryOut(), faults: [] };
      const due = entries.filter((entry) => {
        if (!matches(entry.fault.when, request, url)) return false;
        entry.seen += 1;
        if (entry.seen <= (entry.fault.after ?? 0) || entry.spoilt >= (entry.fault.times ?? Infinity)) return false;
        entry.spoilt += 1;
        struck.set(entry.fault.name, (struck.get(entry.fault.name) ?? 0) + 1);
        return true;
      });
      const run = due.reduceRight<() => Promise<WireResponse>>(
        (inner, { effect }) =>
          () =>
            apply(effect, request, clock, inner),
        carryOut,
      );
      return { response: await run(), faults: due.map(({ fault }) => fault.name) };
    },
  };
}

async function apply(
  effect: Effect,
  request: WireRequest,
  clock: Clock,
  carryOut: () => Promise<WireResponse>,
): Promise<WireResponse> {
  switch (effect.kind) {
    case "respond":
      return respond(effect);
    case "throttle":
      return throttle(effect, clock);
    case "reset":
      if (effect.carriedOut === true) await carryOut();
      throw new ConnectionReset();
    case "slow":
      await pass(clock, effect.milliseconds);
      return carryOut();
    case "meanwhile":
      effect.run();
      return carryOut();
    case "rewrite":
      return effect.answer(await carryOut(), request);
  }
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

function matches(when: FaultMatch, request: WireRequest, url: URL): boolean {
  return (
    (when.method === undefined || when.method.toUpperCase() === request.method.toUpperCase()) &&
    (when.host === undefined ||
      (typeof when.host === "string" ? when.host === url.hostname : when.host.test(url.hostname))) &&
    (when.path === undefined || when.path.test(url.pathname)) &&
    (when.query === undefined || when.query.test(decodedQuery(url)))
  );
}

function decodedQuery(url: URL): string {
  return [...url.searchParams].map(([name, value]) => `${name}=${value}`).join("&");
}
