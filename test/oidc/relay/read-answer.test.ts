import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { judgeToken, type KeptToken } from "../../../src/oidc/relay/kept-token.ts";
import { type Answer, readAnswer } from "../../../src/oidc/relay/read-answer.ts";

const now = new Date("2026-11-21T09:17:00Z");
const jwt = (claims: object): string =>
  [JSON.stringify({ alg: "RS256", typ: "JWT" }), JSON.stringify(claims), "signature"]
    .map((part) => Buffer.from(part).toString("base64url"))
    .join(".");
const token = jwt({ exp: now.getTime() / 1000 + 300 });
const answer = (change: Partial<Exclude<Answer, { fault: string }>>): Answer => ({
  status: 200,
  date: now.toUTCString(),
  retryAfterMs: undefined,
  body: JSON.stringify({ count: 1, value: token }),
  ...change,
});

describe("a token", () => {
  test("lives until its exp, by GitHub's clock and not by ours", () => {
    const ours = new Date("2031-01-01T00:00:00Z");
    expect(readAnswer(answer({}), ours)).toEqual({ kind: "token", value: token, lifeMs: 300_000 - 999 });
    const late = answer({ date: new Date(now.getTime() + 250_000).toUTCString() });
    expect(readAnswer(late, ours)).toMatchObject({ lifeMs: 50_000 - 999 });
  });

  test("lives by our clock where GitHub tells no time", () => {
    expect(readAnswer(answer({ date: undefined }), now)).toMatchObject({ lifeMs: 300_000 });
    expect(readAnswer(answer({ date: "soon" }), now)).toMatchObject({ lifeMs: 300_000 });
  });

  test.each([["no token"], [jwt({})], [jwt({ exp: "300" })], ["a.b.c"]])(
    "that does not say how long it lives is handed out, and not kept (%#)",
    (value) =>
      expect(readAnswer(answer({ body: JSON.stringify({ value }) }), now)).toEqual({
        kind: "token",
        value,
        lifeMs: undefined,
      }),
  );
});

describe("no token", () => {
  test.each([403, 408, 409, 425, 429, 500, 502, 503, 504])("with status %s may come at another try", (status) => {
    const body = JSON.stringify({ message: "busy" });
    expect(readAnswer(answer({ status, body, retryAfterMs: 2_000 }), now)).toEqual({
      kind: "again",
      status,
      message: `GitHub's token service answered HTTP ${status}: busy`,
      waitMs: 2_000,
    });
  });

  test.each([400, 401, 404, 418])("with status %s is final", (status) => {
    expect(readAnswer(answer({ status, body: "<html>" }), now)).toEqual({
      kind: "refused",
      status,
      message: `GitHub's token service answered HTTP ${status}`,
    });
  });

  test.each(["<html>proxy</html>", "", "null", "[]", "{}", '{"value":""}', '{"value":7}'])(
    "in an answer of 200 is some proxy's doing: %s",
    (body) => expect(readAnswer(answer({ body }), now)).toMatchObject({ kind: "again", status: 502 }),
  );

  test("since GitHub was not reached may come at another try", () => {
    expect(readAnswer({ fault: "ECONNRESET" }, now)).toEqual({
      kind: "again",
      status: 503,
      message: "GitHub's token service was not reached: ECONNRESET",
      waitMs: undefined,
    });
  });

  test("is told in few words, of which none is a token", () => {
    const message = `${token} was refused ${"x".repeat(1_000)}`;
    const reading = readAnswer(answer({ status: 401, body: JSON.stringify({ message }) }), now);
    const text = JSON.stringify(reading);
    expect(text).not.toContain(token.split(".")[1]);
    expect(text.length).toBeLessThan(500);
  });
});

describe("a token that is kept", () => {
  const kept: KeptToken = { value: "t", endsAtMs: 300_000 };
  test.each([
    [0, "fresh"],
    [239_999, "fresh"],
    [240_000, "spare"],
    [297_999, "spare"],
    [298_000, "over"],
    [900_000, "over"],
  ] as const)("at %s ms of its 300,000 is %s", (at, use) => expect(judgeToken(kept, at)).toBe(use));

  test("is never handed out without more than a minute to live, nor as a spare when it is over", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (endsAtMs, nowMs) => {
        const use = judgeToken({ value: "t", endsAtMs }, nowMs);
        if (use === "fresh") expect(endsAtMs - nowMs).toBeGreaterThan(60_000);
        if (use === "spare") expect(endsAtMs - nowMs).toBeGreaterThan(2_000);
      }),
    );
    expect(judgeToken(undefined, 0)).toBe("over");
  });
});
