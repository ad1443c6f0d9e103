import { type RetryWorld, retry } from "../../kit/retry.ts";
import { NO_CALLS, type RelayCounters } from "../../oidc/relay/counters.ts";
import { judgeToken, type KeptToken } from "../../oidc/relay/kept-token.ts";
import type { Reading } from "../../oidc/relay/read-answer.ts";

export interface TokenWorld extends RetryWorld {
  /** Asks GitHub once. It never throws. */
  ask(audience: string | undefined, timeoutMs: number): Promise<Reading>;
  /** Milliseconds of a clock that never jumps. */
  monotonic(): number;
}

/** What a caller is told. */
export type Given =
  | { readonly kind: "token"; readonly value: string }
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly message: string;
      /** After which another try makes sense. */
      readonly retryAfterSeconds: number | undefined;
    };

/** ID tokens for whoever asks, each fetched once for as long as it lives. */
export interface RelayTokens {
  give(audience: string | undefined): Promise<Given>;
  counters(): RelayCounters;
}

/**
 * All tries together: below the 10 s after which some versions of the Azure client give up. What is answered then is
 * 503, which they all ask again.
 */
const TRYING_MS = 8_000;
/** The same while an older token can be given instead, and how long nobody tries again after that. */
const TRYING_WITH_SPARE_MS = 3_000;
const REST_MS = 5_000;
const ONE_TRY_MS = 5_000;
/** With less time than this another try is not begun. */
const LEAST_TRY_MS = 500;
/** More audiences than any configuration has; the one that was fetched first is forgotten first. */
const MOST_AUDIENCES = 100;

/** Keeps one token for each audience. Callers at the same time share one request. */
export function keepTokens(world: TokenWorld): RelayTokens {
  const kept = new Map<string | undefined, KeptToken>();
  const restUntil = new Map<string | undefined, number>();
  const underWay = new Map<string | undefined, Promise<Given>>();
  const counted = { ...NO_CALLS };

  const keep = (audience: string | undefined, token: KeptToken): void => {
    kept.delete(audience);
    kept.set(audience, token);
    restUntil.delete(audience);
    for (const first of kept.keys()) if (kept.size > MOST_AUDIENCES) kept.delete(first);
  };
  const obtain = async (audience: string | undefined, spare: KeptToken | undefined): Promise<Given> => {
    const { reading, askedAtMs, retried } = await askUntil(
      world,
      audience,
      spare === undefined ? TRYING_MS : TRYING_WITH_SPARE_MS,
    );
    counted.retried += retried;
    if (reading.kind === "token") {
      counted.fetched += 1;
      const { value, lifeMs } = reading;
      // Counted from before the request: GitHub's Date is of a moment after that.
      if (lifeMs !== undefined) keep(audience, { value, endsAtMs: askedAtMs + lifeMs });
      return { kind: "token", value };
    }
    if (spare !== undefined && judgeToken(spare, world.monotonic()) !== "over") {
      restUntil.set(audience, world.monotonic() + REST_MS);
      return { kind: "token", value: spare.value };
    }
    return refuse(reading, counted.fetched > 0);
  };

  return {
    counters: () => ({ ...counted }),
    give: async (audience) => {
      counted.asked += 1;
      const token = kept.get(audience);
      const use = judgeToken(token, world.monotonic());
      const running = underWay.get(audience);
      const resting = use === "spare" && world.monotonic() < (restUntil.get(audience) ?? 0);
      if (token !== undefined && (use === "fresh" || resting)) {
        counted[resting ? "spared" : "reused"] += 1;
        return { kind: "token", value: token.value };
      }
      const spare = use === "spare" ? token : undefined;
      const flight = running ?? obtain(audience, spare).finally(() => underWay.delete(audience));
      underWay.set(audience, flight);
      const given = await flight;
      if (given.kind === "refused") counted.failed += 1;
      else if (given.value === spare?.value) counted.spared += 1;
      else if (running !== undefined) counted.reused += 1;
      return given;
    },
  };
}

interface Asked {
  readonly reading: Reading;
  /** When the last try began. */
  readonly askedAtMs: number;
  readonly retried: number;
}

/** Asks again while that may help and there is time for another try. */
async function askUntil(world: TokenWorld, audience: string | undefined, withinMs: number): Promise<Asked> {
  const until = world.monotonic() + withinMs;
  const leftMs = (): number => until - world.monotonic();
  // A wait of any length leaves time for one more try.
  const sleep = (milliseconds: number): Promise<void> =>
    world.sleep(Math.max(0, Math.min(milliseconds, leftMs() - LEAST_TRY_MS)));
  return retry<Asked>(
    async (count) => {
      const askedAtMs = world.monotonic();
      const reading = await world.ask(audience, Math.max(LEAST_TRY_MS, Math.min(ONE_TRY_MS, leftMs())));
      const again = reading.kind === "again" && leftMs() > (reading.waitMs ?? 0) + LEAST_TRY_MS;
      if (again) return { kind: "again", because: reading, waitMs: reading.waitMs };
      return { kind: "done", value: { reading, askedAtMs, retried: count - 1 } };
    },
    { now: world.now, random: world.random, sleep },
    { tries: Number.POSITIVE_INFINITY, firstWaitMs: 200, longestWaitMs: withinMs },
  );
}

/** @param trusted whether GitHub has given a token before: then "forbidden", which ends an apply, is "come again". */
function refuse(reading: Exclude<Reading, { kind: "token" }>, trusted: boolean): Given {
  const { message } = reading;
  const final = reading.kind === "refused" || (reading.status === 403 && !trusted);
  if (final) return { kind: "refused", status: reading.status, message, retryAfterSeconds: undefined };
  return { kind: "refused", status: 503, message, retryAfterSeconds: Math.ceil((reading.waitMs ?? 1_000) / 1_000) };
}
