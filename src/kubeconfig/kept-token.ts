/** A token that was handed out before, as the plugin's file keeps it. */
export interface KeptToken {
  readonly token: string;
  /** By the clock of the machine that keeps it, in milliseconds. */
  readonly endsAtMs: number;
  readonly keptAtMs: number;
  /** Whose it is, and for what: settings that have changed make it another one. */
  readonly of: string;
}

/** Handed out as it is, only where a new one cannot be had, or not at all. */
export type Use = "fresh" | "spare" | "over";

/** With less than this to live a token is replaced: what begins with it goes on for a while. */
const FRESH_MS = 5 * 60_000;
/** Below this it would be over before it arrives. */
const SPARE_MS = 30_000;
/** What a clock is set back by without anybody minding. */
const JUMP_MS = 60_000;

/** How a kept token may be used now, by who asks for a token `of` these settings. */
export function judgeKeptToken(kept: KeptToken | undefined, of: string, nowMs: number): Use {
  // A clock that was set back makes every token look younger than it is.
  if (kept === undefined || kept.of !== of || kept.keptAtMs > nowMs + JUMP_MS) return "over";
  const leftMs = kept.endsAtMs - nowMs;
  if (leftMs > FRESH_MS) return "fresh";
  return leftMs > SPARE_MS ? "spare" : "over";
}

/** When to say that a token ends: a request that is sent with it at the last moment must still arrive in time. */
export function sayEnd(endsAtMs: number): Date {
  return new Date(endsAtMs - SPARE_MS);
}

/** A kept token from a file's text; undefined for any other text. */
export function parseKeptToken(text: string): KeptToken | undefined {
  try {
    const kept: unknown = JSON.parse(text);
    const { token, endsAtMs, keptAtMs, of } = (kept ?? {}) as Readonly<Record<keyof KeptToken, unknown>>;
    if (typeof token !== "string" || token === "" || typeof of !== "string") return undefined;
    if (typeof endsAtMs !== "number" || typeof keptAtMs !== "number") return undefined;
    return { token, endsAtMs, keptAtMs, of };
  } catch {
    return undefined;
  }
}
