import { renderDuration } from "../../kit/duration.ts";

const MINUTE_MS = 60_000;

/** A short span in milliseconds as people say it: `340 ms`, `1.2 s`, `1m30s`. */
export function renderSeconds(milliseconds: number): string {
  const rounded = Math.round(milliseconds);
  if (rounded < 1_000) return `${rounded} ms`;
  return rounded < MINUTE_MS ? `${(rounded / 1_000).toFixed(1)} s` : renderDuration(rounded);
}
