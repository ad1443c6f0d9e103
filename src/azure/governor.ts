/** What ARM counts apart. */
export type Operation = "read" | "write" | "delete";

interface Rate {
  /** Requests that may go at once. */
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * ARM's token buckets per subscription, principal and kind of operation.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
 */
const RATES: Readonly<Record<Operation, Rate>> = {
  // ARM's bursts are 250, 200 and 200. Requests overtake each other on the way, so a few tokens stay behind.
  read: { burst: 246, perSecond: 25 },
  write: { burst: 197, perSecond: 10 },
  delete: { burst: 197, perSecond: 10 },
};

/** Keeps requests to the pace that ARM allows, so that they are not refused in the first place. */
export interface Governor {
  /**
   * Waits until one more request of this kind may go, at most until the run has to be over. Requests go in the order in
   * which they asked.
   */
  reserve(subscription: string, operation: Operation): Promise<void>;
  /** Takes ARM's own count (`x-ms-ratelimit-remaining-*`): others may be drinking from the same bucket. */
  observe(subscription: string, operation: Operation, remaining: number): void;
  /** ARM said 429: nothing of this kind goes for so many milliseconds. */
  hold(subscription: string, operation: Operation, milliseconds: number): void;
}

interface Bucket {
  /** Negative while requests are waiting for tokens that are still to come. */
  tokens: number;
  filledAt: number;
  heldUntil: number;
}

interface GovernorTime {
  /** Milliseconds. */
  monotonic(): number;
  /** May return early when the job is cancelled. */
  sleep(milliseconds: number): Promise<void>;
  /** Milliseconds until the run has to be over: nobody waits longer than that. */
  left(): number;
}

/** A governor with full buckets. */
export function createGovernor(time: GovernorTime): Governor {
  const buckets = new Map<string, Bucket>();

  const fill = (subscription: string, operation: Operation): Bucket => {
    const key = `${subscription.toLowerCase()} ${operation}`;
    const rate = RATES[operation];
    const now = time.monotonic();
    const bucket = buckets.get(key) ?? { tokens: rate.burst, filledAt: now, heldUntil: now };
    bucket.tokens = Math.min(rate.burst, bucket.tokens + ((now - bucket.filledAt) / 1000) * rate.perSecond);
    bucket.filledAt = now;
    buckets.set(key, bucket);
    return bucket;
  };

  return {
    reserve: async (subscription, operation) => {
      const bucket = fill(subscription, operation);
      bucket.tokens -= 1;
      const debtMs = bucket.tokens >= 0 ? 0 : (-bucket.tokens / RATES[operation].perSecond) * 1000;
      const readyAt = time.monotonic() + debtMs;
      for (;;) {
        const until = Math.max(readyAt, bucket.heldUntil);
        const wait = until - time.monotonic();
        const left = time.left();
        if (wait <= 0 || left <= 0) return;
        await time.sleep(Math.min(wait, left));
        if (wait >= left) return;
        // A sleep that ends early means that the job is cancelled: who asked looks at that next.
        if (time.monotonic() < until - 1) return;
      }
    },
    observe: (subscription, operation, remaining) => {
      const bucket = fill(subscription, operation);
      bucket.tokens = Math.min(bucket.tokens, remaining);
    },
    hold: (subscription, operation, milliseconds) => {
      const bucket = fill(subscription, operation);
      bucket.heldUntil = Math.max(bucket.heldUntil, time.monotonic() + milliseconds);
    },
  };
}
