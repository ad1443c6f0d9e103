import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { matchValue, tellMatcher } from "../../src/smoke/match-value.ts";
import type { Matcher } from "../../src/smoke/spec/matcher.ts";

describe("matchValue", () => {
  test.each<{ name: string; matcher: Matcher; holds: readonly unknown[]; fails: readonly unknown[] }>([
    { name: "a text", matcher: "ok", holds: ["ok"], fails: ["OK", "ok\n", "", undefined, null, ["ok"]] },
    { name: "a number", matcher: 8080, holds: [8080, "8080"], fails: [8081, "8080 ", "", undefined, true] },
    { name: "a boolean", matcher: true, holds: [true, "true"], fails: [1, "True", "yes", undefined] },
    { name: "null", matcher: null, holds: [null, undefined], fails: [0, "", false, "null"] },
    { name: "==", matcher: { "==": "a" }, holds: ["a"], fails: ["b", undefined] },
    { name: "== null", matcher: { "==": null }, holds: [null, undefined], fails: ["", 0] },
    { name: "!=", matcher: { "!=": "a" }, holds: ["b", 1, null], fails: ["a", undefined] },
    { name: "<", matcher: { "<": 2 }, holds: [1, "1.5", -1], fails: [2, "2", "", " ", "one", undefined, null, true] },
    { name: "<=", matcher: { "<=": 2 }, holds: [2, "2"], fails: [2.1, Number.NaN] },
    { name: ">", matcher: { ">": 2 }, holds: [3, "1e3", Number.POSITIVE_INFINITY], fails: [2, undefined, [3]] },
    { name: ">=", matcher: { ">=": 0 }, holds: [0, "0"], fails: ["", null, false, Number.NaN] },
    { name: "startsWith", matcher: { startsWith: "v1" }, holds: ["v1.2"], fails: ["a v1", undefined, ["v1"]] },
    { name: "endsWith", matcher: { endsWith: "json" }, holds: ["text/json"], fails: ["json; a"] },
    { name: "contains", matcher: { contains: "ok" }, holds: ["it is ok."], fails: ["OK", ["ok"], undefined] },
    { name: "contains, of a number", matcher: { contains: "2" }, holds: [123], fails: [13] },
    { name: "matches", matcher: { matches: "^v\\d+$" }, holds: ["v12"], fails: ["v", "a v12", undefined, null] },
    { name: "matches one character", matcher: { matches: "^.$" }, holds: ["😀"], fails: ["ab"] },
    { name: "includes", matcher: { includes: 2 }, holds: [[1, 2], ["2"]], fails: [[], "2", 2, undefined] },
    { name: "exists", matcher: { exists: true }, holds: [0, "", null, false, []], fails: [undefined] },
    { name: "exists: false", matcher: { exists: false }, holds: [undefined], fails: [null, 0, ""] },
    { name: "isEmpty", matcher: { isEmpty: true }, holds: ["", [], {}], fails: [" ", [0], 0, null, undefined] },
    { name: "isEmpty: false", matcher: { isEmpty: false }, holds: ["a", [0]], fails: ["", 0, null, undefined] },
    { name: "not", matcher: { not: { contains: "error" } }, holds: ["fine", "", null], fails: ["an error", undefined] },
    { name: "not exists", matcher: { not: { exists: true } }, holds: [undefined], fails: [null, 0] },
    {
      name: "not any of two",
      matcher: { not: { contains: "error", startsWith: "x" } },
      holds: ["fine"],
      fails: ["an error", "x", "x error"],
    },
    { name: "a range", matcher: { ">=": 2, "<": 4 }, holds: [2, 3], fails: [1, 4, undefined] },
    { name: "a hole", matcher: { ">": 0, not: { "==": 5 } }, holds: [4, 6], fails: [0, 5, undefined] },
  ])("$name", ({ matcher, holds, fails }) => {
    for (const value of holds) expect({ value, holds: matchValue(matcher, value) }).toEqual({ value, holds: true });
    for (const value of fails) expect({ value, holds: matchValue(matcher, value) }).toEqual({ value, holds: false });
  });

  test("a pattern without an end is an error, and not the job's", () => {
    expect(() => matchValue({ matches: "^(a+)+$" }, `${"a".repeat(50)}b`)).toThrow(
      "The regular expression ^(a+)+$ takes longer than 2 seconds. Write it in a simpler way.",
    );
    expect(matchValue({ matches: "ok$" }, `${"a".repeat(1 << 20)}ok`)).toBe(true);
  });

  const scalar = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null));

  test("a value equals itself, and differs from itself in nothing", () => {
    fc.assert(
      fc.property(scalar, (value) => {
        expect(matchValue(value, value)).toBe(true);
        expect(matchValue({ "!=": value }, value)).toBe(false);
        expect(matchValue({ not: { "==": value } }, value)).toBe(false);
        expect(matchValue({ includes: value }, [0, value])).toBe(true);
      }),
    );
  });

  test("`not` is the opposite of one predicate for all that is there", () => {
    const predicate = fc.oneof(
      scalar.map((value) => ({ "==": value })),
      fc.double({ noNaN: true }).map((value) => ({ "<": value })),
      fc.string().map((value) => ({ contains: value })),
      fc.boolean().map((value) => ({ isEmpty: value })),
    );
    fc.assert(
      fc.property(predicate, fc.jsonValue(), (inner, value) => {
        expect(matchValue({ not: inner }, value)).toBe(!matchValue(inner, value));
      }),
    );
  });

  test("what is not there holds for nothing but null and `exists: false`", () => {
    const words = fc.constantFrom("!=", "startsWith", "endsWith", "contains", "includes", "isEmpty", "exists");
    fc.assert(
      fc.property(words, fc.string(), fc.boolean(), (word, text, negated) => {
        const predicate = { [word]: word === "isEmpty" || word === "exists" ? true : text };
        const matcher = negated && word !== "exists" ? { not: predicate } : predicate;
        expect(matchValue(matcher, undefined)).toBe(false);
      }),
    );
  });
});

describe("tellMatcher", () => {
  test.each<[Matcher, string]>([
    ["ok", '"ok"'],
    [8080, "8080"],
    [null, "null"],
    [{ ">=": 2, "<": 4 }, ">= 2 and < 4"],
    [{ contains: "a b" }, 'contains "a b"'],
    [{ exists: true }, "exists"],
    [{ exists: false }, "does not exist"],
    [{ isEmpty: false }, "is not empty"],
    [
      { startsWith: "v", not: { contains: "rc", matches: "-" } },
      'startsWith "v" and not contains "rc" and not matches "-"',
    ],
    ["x".repeat(200), `"${"x".repeat(78)}…`],
    ["a\nb", '"a\\nb"'],
  ])("%j is %s", (matcher, told) => {
    expect(tellMatcher(matcher)).toBe(told);
  });
});
