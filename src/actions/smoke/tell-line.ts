import { harmless } from "../../kit/harmless.ts";
import { oneLine } from "../../rollout/one-line.ts";
import type { SmokeWorld } from "./world.ts";

/** What was seen, as it may stand in a log, a summary or a report: one line, without any secret, and not endless. */
export function tellLine(world: Pick<SmokeWorld, "redact">, text: string): string {
  return harmless(oneLine(world.redact(text)));
}

/** Seconds as people read them beside each other: `0.3s`, `12.0s`, `2m05s`. */
export function tellSeconds(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1_000;
  if (seconds < 60) return `${seconds.toFixed(1)}s`;
  const rest = String(Math.floor(seconds % 60)).padStart(2, "0");
  return `${Math.floor(seconds / 60)}m${rest}s`;
}
