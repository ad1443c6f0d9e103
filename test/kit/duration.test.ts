import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseDuration, renderDuration } from "../../src/kit/duration.ts";

const HOUR_MS = 3_600_000;
const written = [
  ["90s", 90_000],
  ["30m", 1_800_000],
  ["8h", 8 * HOUR_MS],
  ["1h30m", 1.5 * HOUR_MS],
  ["7d", 168 * HOUR_MS],
  ["1d2h3m4s", 93_784_000],
  ["0s", 0],
] as const;

test.each(written)("%s is understood", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(["", " ", "1", "1.5h", "-1h", "1 h", "30m1h", "1h1h", "1w", "1H", "PT1H", "9999999999999999d"])(
  "%j is not",
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

describe("a span that people read", () => {
  test.each([
    [0, "0s"],
    [499, "0s"],
    [500, "1s"],
    [90_000, "1m30s"],
    [3_599_600, "1h"],
    [26 * HOUR_MS, "1d2h"],
    [24 * HOUR_MS + 1000, "1d"],
    [-5 * HOUR_MS, "5h"],
  ])("%d ms is %s", (milliseconds, text) => {
    expect(renderDuration(milliseconds)).toBe(text);
  });

  test("means what it says: reading it gives the span, short by less than its smallest unit", () => {
    const unit = { s: 1000, m: 60_000, h: HOUR_MS, d: 24 * HOUR_MS };
    fc.assert(
      fc.property(fc.nat({ max: 10_000_000 }), (seconds) => {
        const span = seconds * 1000;
        const text = renderDuration(span);
        const back = parseDuration(text) ?? Number.NaN;
        const [largest = "s"] = /[dhms]/.exec(text) ?? [];
        // One unit may be left out (1d for 1d0h5m), so the neighbour below the largest bounds what is lost.
        const below = { d: unit.h, h: unit.m, m: unit.s, s: 1 }[largest as keyof typeof unit];
        expect(back).toBeLessThanOrEqual(span);
        expect(span - back).toBeLessThan(below);
      }),
    );
  });
});
