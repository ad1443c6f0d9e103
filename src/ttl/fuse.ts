export interface FuseLimits {
  readonly maxDeletions: number;
  /** Of the groups that carry the mark in scope. */
  readonly maxPercentage: number;
}

export type Fuse =
  | { readonly kind: "holds" }
  | {
      readonly kind: "tripped";
      readonly limit: "max-deletions" | "max-percentage";
      readonly because: string;
      /** What would let the run through. */
      readonly needed: number;
    };

/** Below this many candidates a percentage says nothing: one expired group of one is 100 %. */
const PERCENTAGE_COUNTS_FROM = 10;

/**
 * Stops a run that would delete more than anybody expects. A tripped fuse deletes nothing at all: which of the groups
 * are the wrong ones, nobody can tell from here.
 *
 * @param expired groups that the run would delete
 * @param marked groups in scope with the mark
 * @param kind what is counted: groups and namespaces are counted apart (docs/adr/0015)
 */
export function decideFuse(
  expired: number,
  marked: number,
  limits: FuseLimits,
  kind: "groups" | "namespaces" = "groups",
): Fuse {
  if (expired > limits.maxDeletions) {
    const because = `${expired} ${kind} have expired, and max-deletions is ${limits.maxDeletions}`;
    return { kind: "tripped", limit: "max-deletions", because, needed: expired };
  }
  const percentage = marked === 0 ? 0 : (expired * 100) / marked;
  if (expired >= PERCENTAGE_COUNTS_FROM && percentage > limits.maxPercentage) {
    const because = `${expired} of ${marked} marked ${kind} have expired (${Math.floor(percentage)} %), and max-percentage is ${limits.maxPercentage}`;
    return { kind: "tripped", limit: "max-percentage", because, needed: 100 };
  }
  return { kind: "holds" };
}
