import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { createRedactor, listForms } from "../../src/kit/masking.ts";
import { anyCharacter } from "../any-character.ts";

const around = fc.string({ unit: anyCharacter, maxLength: 12 });
/** Stars would be found again in what replaces a secret. */
const anySecret = fc
  .string({ unit: anyCharacter, minLength: 4, maxLength: 60 })
  .map((secret) => secret.trim())
  .filter((secret) => secret.length >= 4 && !secret.includes("*"));

function redactorOf(...secrets: readonly string[]) {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

describe("a secret", () => {
  test("survives in none of its forms, whatever stands around it", () => {
    fc.assert(
      fc.property(anySecret, around, around, fc.nat(99), (secret, before, after, pick) => {
        const forms = listForms(secret);
        const form = forms[pick % forms.length] ?? secret;
        const clean = redactorOf(secret).redact(`${before}${form}${after}`);
        for (const each of forms) expect(clean).not.toContain(each);
      }),
    );
  });

  test("leaves no part of itself where two secrets overlap", () => {
    expect(redactorOf("abcdef", "defghi").redact("x abcdefghi y")).toBe("x *** y");
    expect(redactorOf("abcdef", "abcdefghi").redact("abcdefghi")).toBe("***");
    expect(redactorOf("aaaa").redact("baaaaaaab")).toBe("b***b");
  });

  test("is covered in the same way among thousands of others, short ones too", () => {
    const others = Array.from({ length: 40 }, (_, index) => `another-secret-of-many-${index}`);
    const short = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        fc.array(short, { maxLength: 4 }),
        fc.string({ unit: fc.constantFrom("a", "b", "c", "d"), maxLength: 40 }),
        (secrets, text) => {
          expect(redactorOf(...others, ...secrets).redact(text)).toBe(redactorOf(...secrets).redact(text));
        },
      ),
    );
  });

  test("is found line by line, as a log shows a key", () => {
    const key = "-----BEGIN KEY-----\r\nMIIabcdef\r\n  c3Rvcnk9 \n}\n-----END KEY-----\n";
    const clean = redactorOf(key).redact('1: MIIabcdef\n2: c3Rvcnk9\nand {"k":"-----BEGIN KEY-----\\r\\nMIIabcdef"} }');
    expect(clean).toBe('1: ***\n2: ***\nand {"k":"***\\r\\n***"} }');
  });

  test("is found inside Base64, wherever it begins", () => {
    const secret = "s3cr3t-of-the-registry";
    for (const user of ["", "a", "ab", "abc", "00000000-0000-0000-0000-000000000000"]) {
      const encoded = Buffer.from(`${user}:${secret}\n`);
      for (const form of [encoded.toString("base64"), encoded.toString("base64url")]) {
        const [, shown = ""] = redactorOf(secret).redact(form).split("***");
        expect(redactorOf(secret).redact(form)).toContain("***");
        // What the neighbours share stays: at most two bytes of the secret at either end.
        expect(shown.length).toBeLessThanOrEqual(8);
      }
    }
  });

  test("leaves neither its beginning nor its end where somebody has cut the text", () => {
    const others = Array.from({ length: 40 }, (_, index) => `another-secret-of-many-${index}`);
    const secret = "a-token-that-is-longer-than-a-line";
    for (const redactor of [redactorOf(secret), redactorOf(secret, ...others)]) {
      for (let kept = 8; kept < secret.length; kept += 1) {
        expect(redactor.redact(`is ${secret.slice(0, kept)}…`)).toBe("is ***…");
        expect(redactor.redact(`…${secret.slice(-kept)} it is`)).toBe("…*** it is");
        expect(redactor.redact(`"${secret.slice(0, kept)}…${secret.slice(-kept)}"`)).toBe('"***…***"');
      }
      // So short a part tells nothing, and may be any word.
      expect(redactor.redact("a-token… …a-line")).toBe("a-token… …a-line");
      expect(redactor.redact(`${secret.slice(0, 9)} …`)).toBe(`${secret.slice(0, 9)} …`);
    }
  });

  test("is found in JSON as Go writes it", () => {
    const written = String.raw`{"url":"db?a=1\u0026b=\u003cpass\u003e"}`;
    expect(redactorOf("db?a=1&b=<pass>").redact(written)).toBe('{"url":"***"}');
  });

  test("with half a surrogate pair does no harm", () => {
    expect(redactorOf("half \ud800 pair").redact("a half \ud800 pair b")).toBe("a *** b");
  });

  test("of three characters is masked as a whole, but its lines are not", () => {
    expect(redactorOf(" abc ").redact("abc")).toBe("***");
    expect(listForms("a\nb\nlonger")).not.toContain("a");
  });

  test("that is empty masks nothing", () => {
    expect(listForms("  \n ")).toEqual([]);
    expect(redactorOf("").redact("text")).toBe("text");
  });
});

test("text without a secret stays as it is", () => {
  fc.assert(
    fc.property(around, (text) => {
      expect(redactorOf("a-secret-that-is-long").redact(text)).toBe(text);
    }),
  );
});
