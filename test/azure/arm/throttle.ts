import type { Clock } from "../clock.ts";
import { ArmFailure } from "./failure.ts";
import type { ArmSettings } from "./settings.ts";

type Operation = "reads" | "writes" | "deletes";

/** The quota that a request draws on. */
export interface Drawn {
  readonly method: string;
  /** Undefined for requests above subscriptions, which draw on the tenant's quota. */
  readonly subscriptionId: string | undefined;
  readonly tenantId: string;
  readonly principalId: string;
}

export interface Throttle {
  /**
   * Takes one from the buckets and tells what is left.
   * @throws ArmFailure 429 with Retry-After; a refused request takes nothing
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
   */
  take(request: Drawn): Readonly<Record<string, string>>;
}

interface Bucket {
  tokens: number;
  at: number;
}

const OPERATIONS: Readonly<Record<string, Operation>> = { GET: "reads", HEAD: "reads", DELETE: "deletes" };
/** All principals of a subscription together may do this many times what one may. */
const GLOBAL_FACTOR = 15;

export function createThrottle(clock: Clock, settings: ArmSettings): Throttle {
  const buckets = new Map<string, Bucket>();

  const filled = (key: string, size: number, perSecond: number) => {
    const now = clock.time();
    const bucket = buckets.get(key) ?? { tokens: size, at: now };
    bucket.tokens = Math.min(size, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    buckets.set(key, bucket);
    return bucket;
  };

  return {
    take: ({ method, subscriptionId, tenantId, principalId }) => {
      if (settings.throttling === "off") return {};
      const operation = OPERATIONS[method] ?? "writes";
      const perHour = settings.hourly[operation];
      const { size, perSecond } =
        settings.throttling === "hourly" ? { size: perHour, perSecond: perHour / 3600 } : settings.buckets[operation];
      const place =
        subscriptionId === undefined ? `tenant ${tenantId}` : `subscription ${subscriptionId.toLowerCase()}`;
      const own = filled(`${place} ${principalId} ${operation}`, size, perSecond);
      const shared = filled(`${place} ${operation}`, size * GLOBAL_FACTOR, perSecond * GLOBAL_FACTOR);
      const missing = Math.max((1 - own.tokens) / perSecond, (1 - shared.tokens) / (perSecond * GLOBAL_FACTOR));
      const level = subscriptionId === undefined ? "tenant" : "subscription";
      if (missing > 0) throw throttled(Math.max(1, Math.ceil(missing)), operation, subscriptionId ?? tenantId, level);
      own.tokens -= 1;
      shared.tokens -= 1;
      return {
        [`x-ms-ratelimit-remaining-${level}-${operation}`]: `${Math.floor(own.tokens)}`,
        [`x-ms-ratelimit-remaining-${level}-global-${operation}`]: `${Math.floor(shared.tokens)}`,
      };
    },
  };
}

function throttled(seconds: number, operation: Operation, id: string, level: string): ArmFailure {
  const code = level === "tenant" ? "TenantRequestsThrottled" : "SubscriptionRequestsThrottled";
  const message = `Number of requests for ${level} '${id}' and operation '${operation}' exceeded the backend storage limit. Please try again after '${seconds}' seconds.`;
  const headers = { "retry-after": `${seconds}`, [`x-ms-ratelimit-remaining-${level}-${operation}`]: "0" };
  return new ArmFailure(429, code, message, { headers });
}
