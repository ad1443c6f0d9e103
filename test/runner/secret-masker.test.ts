import { describe, expect, test } from "@jest/globals";
import { createSecretMasker } from "./secret-masker.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

function maskedWith(secret: string, text: string): string {
  const masker = createSecretMasker();
  masker.addLines(secret);
  return masker.mask(text);
}

describe("masking", () => {
  test.each([
    ["the value", "s3cr3t", "a s3cr3t b", "a *** b"],
    ["each of its lines", "first\nsecond\n", "x second y", "x *** y"],
    ["base64 of the value", "s3cr3t", base64("s3cr3t"), "***"],
    ["base64 with one byte before", "s3cr3t!", base64("xs3cr3t!"), "eHMz***"],
    ["base64 with two bytes before", "s3cr3t-", base64("xys3cr3t-"), "eHlz***"],
    ["JSON", 'a"b\\c', JSON.stringify({ v: 'a"b\\c' }), '{"v":"***"}'],
    ["URI data", "a b!(c)", "?v=a%20b%21%28c%29", "?v=***"],
    ["XML", "<a&b>", "<v>&lt;a&amp;b&gt;</v>", "<v>***</v>"],
    ["a command line", 'say "hi" now', 'x "say \\"hi\\" now"', 'x "***"'],
    ["a GitHub expression", "it's hot", "'it''s hot'", "'***'"],
    ["a long value without its quotes", '"quoted value"', "quoted value", "***"],
    ["the part before an ampersand", "password&rest12", "password& x", "*** x"],
    ["the part after an ampersand", "password&rest12", "x rest12", "x ***"],
  ])("covers %s", (_name, secret, text, masked) => {
    expect(maskedWith(secret, text)).toBe(masked);
  });

  test("makes one mark of finds that overlap or touch", () => {
    const masker = createSecretMasker();
    for (const secret of ["abcd", "cdef", "ghij"]) masker.add(secret);
    expect(masker.mask("-abcdefghij-abcd-")).toBe("-***-***-");
  });

  test("leaves text alone when the secret is empty", () => {
    expect(maskedWith("", "text")).toBe("text");
  });
});
