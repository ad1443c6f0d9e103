/** What an environment's end is decided from. Spans are in milliseconds. */
export interface LifetimeFacts {
  readonly now: Date;
  readonly ttl: number;
  /** The longest that an environment may be given at once. */
  readonly maxTtl: number | undefined;
  /** The latest `expires-at` that its groups carry now; undefined when there are none, or none can be read. */
  readonly live: Date | undefined;
  /** Leaves a live end as it is. */
  readonly keep: boolean;
}

/**
 * When an environment ends: `now + ttl`, never earlier than it ends already, and `max-ttl` from now at most. An end
 * that somebody set beyond that stays: bringing it forward would delete what a person asked to keep.
 *
 * Whole seconds, as the tag has; rounded up, so that nothing gets less than it was promised.
 */
export function decideExpiry({ now, ttl, maxTtl, live, keep }: LifetimeFacts): Date {
  if (keep && live !== undefined) return live;
  const wanted = now.getTime() + Math.min(ttl, maxTtl ?? ttl);
  return new Date(Math.ceil(Math.max(wanted, live?.getTime() ?? wanted) / 1_000) * 1_000);
}
