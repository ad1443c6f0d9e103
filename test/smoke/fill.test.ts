import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { fill, listNames, MissingValue } from "../../src/smoke/fill.ts";
import { anyCharacter } from "../any-character.ts";

describe("a payload", () => {
  const payload = {
    url: "http://api/orders/${id}",
    status: [200, 201],
    requestHeaders: { authorization: "Bearer ${token}", "${id}": "$${id}" },
    assert: { "(length(spec.containers))": 1, metadata: { labels: { order: "${id}" } } },
    none: null,
  };

  test("gets its values, in texts and nowhere else", () => {
    expect(fill(payload, { id: "42", token: "s3cret" })).toEqual({
      url: "http://api/orders/42",
      status: [200, 201],
      requestHeaders: { authorization: "Bearer s3cret", "${id}": "${id}" },
      assert: { "(length(spec.containers))": 1, metadata: { labels: { order: "42" } } },
      none: null,
    });
  });

  test("names what it needs", () => {
    expect(listNames(payload)).toEqual(["id", "token"]);
  });

  test("without a value is not taken", () => {
    expect(() => fill(payload, { id: "42" })).toThrow(MissingValue);
    expect(() => fill("${toString}", {})).toThrow(MissingValue);
  });

  test("takes nothing from a value for a name", () => {
    expect(fill("${a} ${b}", { a: "${b}", b: "secret" })).toBe("${b} secret");
  });

  test("keeps its structure whatever the values are", () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom("$", "{", "}", '"', "\n", ":"), anyCharacter),
      maxLength: 12,
    });
    fc.assert(
      fc.property(text, text, (id, token) => {
        const filled = fill(payload, { id, token });
        expect(filled.url).toBe(`http://api/orders/${id}`);
        expect(filled.requestHeaders).toEqual({ authorization: `Bearer ${token}`, "${id}": "${id}" });
        expect(Object.keys(filled)).toEqual(Object.keys(payload));
      }),
    );
  });
});
