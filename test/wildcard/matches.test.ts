import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { matchesWildcard } from "../../src/wildcard/matches.ts";

describe("a wildcard", () => {
  test.each([
    ["v1.2.3", "v*", true],
    ["v1x2", "v1.2", false],
    ["av1", "v*", false],
    ["abc", "a?c", true],
    ["ac", "a?c", false],
    ["V1", "v1", false],
    ["a[b]", "a[b]", true],
  ])("%j and %j", (name, pattern, fits) => {
    expect(matchesWildcard(name, pattern)).toBe(fits);
  });

  test("takes no notice of case when told", () => {
    expect(matchesWildcard("Default-RG", "default-*", { ignoreCase: true })).toBe(true);
  });

  test("any text fits itself, and nothing else when it has no wildcards", () => {
    const literal = fc.string().map((text) => text.replace(/[*?]/g, ""));
    fc.assert(
      fc.property(literal, literal, (left, right) => {
        expect(matchesWildcard(left, right)).toBe(left === right);
      }),
    );
  });
});
