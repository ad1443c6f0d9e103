import * as v from "valibot";

const UNIT_MS = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;
const FORM = /^(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?$/;

/**
 * Milliseconds of a duration as Go and Kubernetes write it, such as `90s`, `1h30m`, `1.5s` or `800ms`; undefined for any
 * other text. https://pkg.go.dev/time#ParseDuration
 */
export function parseGoDuration(text: string): number | undefined {
  const found = FORM.exec(text);
  if (found === null || found[0] === "") return undefined;
  const [, hours = "0", minutes = "0", seconds = "0", milliseconds = "0"] = found;
  return Math.round(
    Number(hours) * UNIT_MS.h + Number(minutes) * UNIT_MS.m + Number(seconds) * UNIT_MS.s + Number(milliseconds),
  );
}

const DURATION = "a duration such as 90s, 5m or 800ms";

/** A duration, read as milliseconds. */
export const duration = v.pipe(
  v.string(DURATION),
  v.check((text) => parseGoDuration(text) !== undefined, DURATION),
  v.transform((text) => parseGoDuration(text) ?? 0),
);
