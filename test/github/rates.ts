import type { Clock } from "../azure/clock.ts";
import { jsonResponse, type WireResponse } from "../azure/wire.ts";
import { failure, PRIMARY_DOCS, secondaryLimit } from "./failure.ts";
import type { GitHubSettings } from "./settings.ts";
import type { Grant } from "./tokens.ts";

export type Resource = "core" | "graphql";

interface Window {
  used: number;
  resetsAt: number;
}

/** How much each token has asked, and what that comes to. */
export interface Rates {
  /** Counts one request; the answer that it gets where it is one too many. */
  take(token: string, grant: Grant, resource: Resource, makesContent: boolean): WireResponse | undefined;
  /** The headers of every answer. */
  headers(token: string, resource: Resource): Record<string, string>;
  /** Leaves a token so many requests until its hour is over. */
  leave(token: string, remaining: number, resource?: Resource): void;
}

const HOUR = 3_600_000;

export function createRates(clock: Clock, settings: GitHubSettings): Rates {
  const windows = new Map<string, Window>();
  const made = new Map<string, number[]>();
  const windowOf = (token: string, resource: Resource) => {
    const key = `${resource} ${token}`;
    const known = windows.get(key);
    if (known !== undefined && clock.time() < known.resetsAt) return known;
    const fresh = { used: 0, resetsAt: clock.time() + HOUR };
    windows.set(key, fresh);
    return fresh;
  };
  const headers: Rates["headers"] = (token, resource) => {
    const { used, resetsAt } = windowOf(token, resource);
    return {
      "x-ratelimit-limit": `${settings.primaryLimit}`,
      "x-ratelimit-remaining": `${Math.max(0, settings.primaryLimit - used)}`,
      "x-ratelimit-used": `${Math.min(used, settings.primaryLimit)}`,
      "x-ratelimit-reset": `${Math.ceil(resetsAt / 1000)}`,
      "x-ratelimit-resource": resource,
    };
  };
  const exceeded = ({ kind, account }: Grant, resource: Resource): WireResponse => {
    const whose = kind === "installation" ? "installation ID 48411" : `user ID ${account.id}`;
    const message = `API rate limit exceeded for ${whose}.`;
    if (resource === "core") return failure(settings.primaryStatus, message, PRIMARY_DOCS);
    return jsonResponse(200, { errors: [{ type: settings.graphqlLimitType, message }] });
  };
  return {
    headers,
    leave: (token, remaining, resource = "core") => {
      windowOf(token, resource).used = settings.primaryLimit - remaining;
    },
    take: (token, grant, resource, makesContent) => {
      const window = windowOf(token, resource);
      if (window.used >= settings.primaryLimit) return exceeded(grant, resource);
      window.used += 1;
      if (!makesContent) return undefined;
      const lately = (made.get(token) ?? []).filter((at) => at > clock.time() - 60_000);
      if (lately.length >= settings.contentPerMinute) return secondaryLimit(settings.secondaryRetryAfterSeconds);
      made.set(token, [...lately, clock.time()]);
      return undefined;
    },
  };
}
