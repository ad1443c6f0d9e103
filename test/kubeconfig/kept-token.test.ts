import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { judgeKeptToken, type KeptToken, parseKeptToken, sayEnd } from "../../src/kubeconfig/kept-token.ts";

const NOW = Date.parse("2026-11-21T09:17:00Z");
const MINUTE = 60_000;
const kept = (leftMs: number, change: Partial<KeptToken> = {}): KeptToken => ({
  token: "t",
  endsAtMs: NOW + leftMs,
  keptAtMs: NOW - MINUTE,
  of: "us",
  ...change,
});

test.each([
  ["is there", undefined, "over"],
  ["lives for more than five minutes", kept(5 * MINUTE + 1), "fresh"],
  ["lives for five minutes", kept(5 * MINUTE), "spare"],
  ["lives for half a minute", kept(MINUTE / 2), "over"],
  ["has ended", kept(-1), "over"],
  ["is somebody else's", kept(60 * MINUTE, { of: "them" }), "over"],
  ["was kept in the future, as when the clock was set back", kept(60 * MINUTE, { keptAtMs: NOW + 2 * MINUTE }), "over"],
] as const)("a token that %s (%#)", (_, token, use) => {
  expect(judgeKeptToken(token, "us", NOW)).toBe(use);
});

describe("of any token", () => {
  const anyKept = fc.record({
    token: fc.string({ minLength: 1 }),
    endsAtMs: fc.integer({ min: NOW - 1e7, max: NOW + 1e8 }),
    keptAtMs: fc.integer({ min: NOW - 1e8, max: NOW + 1e8 }),
    of: fc.constantFrom("us", "them"),
  });

  test("none is given that has ended or is another's, and what is told of its end is before that", () => {
    fc.assert(
      fc.property(anyKept, (token) => {
        if (judgeKeptToken(token, "us", NOW) === "over") return;
        expect(token.of).toBe("us");
        expect(token.endsAtMs).toBeGreaterThan(NOW);
        expect(sayEnd(token.endsAtMs).getTime()).toBeLessThan(token.endsAtMs);
        expect(sayEnd(token.endsAtMs).getTime()).toBeGreaterThan(NOW);
      }),
    );
  });

  test("the file gives back what was kept, and nothing of another text", () => {
    fc.assert(fc.property(anyKept, (token) => expect(parseKeptToken(JSON.stringify(token))).toEqual(token)));
    fc.assert(fc.property(fc.json(), (text) => expect(parseKeptToken(text)).toBeUndefined()));
    expect(parseKeptToken("{")).toBeUndefined();
  });
});
