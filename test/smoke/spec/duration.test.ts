import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import * as v from "valibot";
import { duration, parseGoDuration, pause } from "../../../src/smoke/spec/duration.ts";

describe("a duration", () => {
  test.each([
    ["90s", 90_000],
    ["5m", 300_000],
    ["1h30m", 5_400_000],
    ["1.5s", 1_500],
    ["800ms", 800],
    ["2m300ms", 120_300],
    ["0s", 0],
  ])("%s is %d milliseconds", (text, milliseconds) => {
    expect(parseGoDuration(text)).toBe(milliseconds);
    expect(v.parse(duration, text)).toBe(milliseconds);
  });

  test.each(["", "90", "5 m", "-5s", "5d", "1s1m", "s", "5S", "1.5ms", ".5s", "5m\n"])("is not %j", (text) => {
    expect(parseGoDuration(text)).toBeUndefined();
    expect(v.is(duration, text)).toBe(false);
  });

  test("comes back from its parts", () => {
    const part = fc.nat({ max: 999 });
    fc.assert(
      fc.property(part, part, part, part, (h, m, s, ms) => {
        const text = [`${h}h`, `${m}m`, `${s}s`, `${ms}ms`].filter((each) => !/^0/.test(each)).join("");
        fc.pre(text !== "");
        expect(parseGoDuration(text)).toBe(((h * 60 + m) * 60 + s) * 1_000 + ms);
      }),
    );
  });

  test("longer than a timer can wait is none", () => {
    expect(v.is(duration, "500h")).toBe(true);
    expect(v.is(duration, "501h")).toBe(false);
  });

  test("between two looks leaves the cluster some rest", () => {
    expect(v.is(pause, "100ms")).toBe(true);
    expect(v.is(pause, "0s")).toBe(false);
  });
});
