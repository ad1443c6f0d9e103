/** Waiting and chance, from outside, so that tests need neither time nor luck. */
export interface RetryWorld {
  now(): Date;
  /** Milliseconds. Returns early when the job is cancelled. */
  sleep(milliseconds: number): Promise<void>;
  /** From 0 to less than 1. */
  random(): number;
  readonly cancelled?: AbortSignal | undefined;
}

/** What one try came to; `again` says why, and how long the server asked us to wait. */
export type Attempt<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "again"; readonly because: unknown; readonly waitMs?: number | undefined };

export interface RetryPolicy {
  readonly tries: number;
  readonly firstWaitMs: number;
  /** The cap of one wait, also of one that a server asks for. */
  readonly longestWaitMs: number;
}

/** A login is waited for by a whole job, but not for minutes. */
export const LOGIN_RETRY: RetryPolicy = { tries: 5, firstWaitMs: 500, longestWaitMs: 20_000 };

/**
 * Tries until it is done or the tries are used up; then the last reason is thrown.
 *
 * Waits grow twofold with full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter), so
 * that the legs of a matrix do not come back together. A server's own wait is kept, and lengthened by up to a fifth.
 */
export async function retry<T>(
  attempt: (count: number) => Promise<Attempt<T>>,
  world: RetryWorld,
  policy: RetryPolicy = LOGIN_RETRY,
): Promise<T> {
  for (let count = 1; ; count += 1) {
    const outcome = await attempt(count);
    if (outcome.kind === "done") return outcome.value;
    if (count >= policy.tries || world.cancelled?.aborted) throw outcome.because;
    await world.sleep(chooseWait(count, outcome.waitMs, policy, world.random()));
    if (world.cancelled?.aborted) throw outcome.because;
  }
}

function chooseWait(count: number, asked: number | undefined, policy: RetryPolicy, chance: number): number {
  if (asked !== undefined) return Math.min(Math.round(asked * (1 + chance / 5)), policy.longestWaitMs);
  return Math.round(Math.min(policy.firstWaitMs * 2 ** (count - 1), policy.longestWaitMs) * chance);
}
