/** What a relay has done. Each request that came with the right secret counts in `asked`. */
export interface RelayCounters {
  readonly asked: number;
  /** Tokens that GitHub gave. */
  readonly fetched: number;
  /** Answered without a request of its own: with a token that was there, or with another's that was on its way. */
  readonly reused: number;
  /** Requests to GitHub after the first for a token. */
  readonly retried: number;
  /** Answered with an older token that still lived, since GitHub gave no new one. */
  readonly spared: number;
  /** Asked in vain. */
  readonly failed: number;
}

export const NO_CALLS: RelayCounters = { asked: 0, fetched: 0, reused: 0, retried: 0, spared: 0, failed: 0 };

/** The counters of an object that may be anything; undefined when they are not all there. */
export function parseCounters(fields: Readonly<Record<string, unknown>>): RelayCounters | undefined {
  const names = Object.keys(NO_CALLS);
  if (!names.every((name) => Number.isSafeInteger(fields[name]) && Number(fields[name]) >= 0)) return undefined;
  const { asked, fetched, reused, retried, spared, failed } = fields as { readonly [K in keyof RelayCounters]: number };
  return { asked, fetched, reused, retried, spared, failed };
}
