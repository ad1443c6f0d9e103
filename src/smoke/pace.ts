/** How a check is taken over time, in milliseconds. */
export interface Pace {
  /** It must not hold. */
  readonly negated: boolean;
  readonly timeout: number;
  readonly interval: number;
  /** For how long it has to stay true; 0 where once is enough. */
  readonly consistently: number;
}

/** What a look saw. `unseen`: the world could not be asked, which proves nothing, not even that something is not there. */
export type Sight = "holds" | "not-yet" | "never" | "unseen";

/** What a look has decided. */
export type Decision =
  | { readonly outcome: "passed" | "failed" }
  | {
      readonly outcome: undefined;
      /** Since when it has been true without a break; undefined while it is not. */
      readonly since: number | undefined;
      /** When to look again, at the latest. */
      readonly nextIn: number;
    };

/**
 * Decides what a look means. The check has to become true within `timeout`, and then to stay true for `consistently`,
 * which comes on top: all is over after the sum of both. A break begins anew as long as `timeout` lasts, and fails the
 * check afterwards, since no further run could be a whole one. With the end of `timeout` comes a last look.
 *
 * @param since as the decision before said
 * @param at when the look began, in milliseconds since the check did
 */
export function decide(pace: Pace, since: number | undefined, sight: Sight, at: number): Decision {
  // What can never come never has to be waited for, nor for its absence.
  if (sight === "never") return { outcome: pace.negated ? "passed" : "failed" };
  const isTrue = sight === (pace.negated ? "not-yet" : "holds");
  if (!isTrue) {
    if (at >= pace.timeout) return { outcome: "failed" };
    return { outcome: undefined, since: undefined, nextIn: Math.min(pace.interval, pace.timeout - at) };
  }
  const from = since ?? at;
  const left = from + pace.consistently - at;
  if (left <= 0) return { outcome: "passed" };
  return { outcome: undefined, since: from, nextIn: Math.min(pace.interval, left) };
}
