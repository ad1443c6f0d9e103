import * as v from "valibot";

const UNIT_MS = { h: 3_600_000, m: 60_000, s: 1_000 } as const;
const FORM = /^(?=.)(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?$/;

/**
 * Milliseconds of a duration as Go and Kubernetes write it, such as `90s`, `1h30m`, `1.5s` or `800ms`; undefined for any
 * other text. https://pkg.go.dev/time#ParseDuration
 */
export function parseGoDuration(text: string): number | undefined {
  const found = FORM.exec(text);
  if (found === null) return undefined;
  const [, hours = "0", minutes = "0", seconds = "0", milliseconds = "0"] = found;
  return Math.round(
    Number(hours) * UNIT_MS.h + Number(minutes) * UNIT_MS.m + Number(seconds) * UNIT_MS.s + Number(milliseconds),
  );
}

const DURATION = "a duration such as 90s, 5m or 800ms";
/** Timers of node take no more, and fire at once instead: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const LONGEST = "a duration of at most 500h";

/** A duration, read as milliseconds. */
export const duration = v.pipe(
  v.string(DURATION),
  v.regex(FORM, DURATION),
  v.transform((text) => parseGoDuration(text) ?? 0),
  v.maxValue(500 * UNIT_MS.h, LONGEST),
);

/** A duration between two looks: without a pause they would keep the cluster busy. */
export const pause = v.pipe(duration, v.minValue(100, "a duration of at least 100ms"));
