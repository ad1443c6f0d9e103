/** A token that was handed out before. */
export interface KeptToken {
  readonly value: string;
  /** When its life ends, on a clock of ours that never jumps, in milliseconds. */
  readonly endsAtMs: number;
}

/** What may be done with it: handed out as it is, only where a new one cannot be had, or not at all. */
export type Use = "fresh" | "spare" | "over";

/** With less than this to live a token is replaced: who gets it takes it to Entra, through a queue, perhaps twice. */
const FRESH_MS = 60_000;
/** Below this it would be over before it arrives. */
const SPARE_MS = 2_000;

/** How a token may be used now. */
export function judgeToken(token: KeptToken | undefined, nowMs: number): Use {
  const leftMs = token === undefined ? 0 : token.endsAtMs - nowMs;
  if (leftMs > FRESH_MS) return "fresh";
  return leftMs > SPARE_MS ? "spare" : "over";
}
