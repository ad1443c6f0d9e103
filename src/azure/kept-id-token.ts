import { parseIdToken } from "../oidc/claims.ts";

/** One that ends sooner is not presented again: Entra's clock may be ahead, and its answer takes a while. */
const LEAST_LEFT_MS = 120_000;

/** GitHub's ID token for one audience. */
export interface KeptIdToken {
  /** The last one while it is good for another exchange, else a fresh one. Callers at the same time share one. */
  get(): Promise<string>;
  /** The next one is fresh. */
  forget(): void;
}

/**
 * Keeps an ID token for the next scope: GitHub takes a few tenths of a second for each, and Entra takes the same one
 * again.
 *
 * @param fetch a fresh one; what it throws comes through, and is not kept
 */
export function keepIdToken(fetch: () => Promise<string>, now: () => Date): KeptIdToken {
  let kept: Promise<string> | undefined;
  let endsAtMs = 0;
  const forget = (): void => {
    kept = undefined;
  };
  return {
    forget,
    get: () => {
      if (kept !== undefined && now().getTime() < endsAtMs - LEAST_LEFT_MS) return kept;
      endsAtMs = Number.POSITIVE_INFINITY;
      const fetching = fetch().then(
        (token) => {
          endsAtMs = (parseIdToken(token)?.expiresAt ?? 0) * 1_000;
          return token;
        },
        (error: unknown) => {
          if (kept === fetching) forget();
          throw error;
        },
      );
      kept = fetching;
      return fetching;
    },
  };
}
