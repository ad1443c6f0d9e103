import { execFileSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { shellQuote } from "../../src/paste/quote.ts";

test("a shell reads every value as one word of plain text", () => {
  const value = fc.string({
    unit: fc.oneof(
      fc.constantFrom(..."'\"$`\\!*?[]{}~#&;|<>() \t=-+%@:,./aé🦋\r\n"),
      fc.constantFrom("$(id)", "$HOME", "''"),
    ),
    maxLength: 20,
  });
  const values = fc.sample(value, 400);
  // One shell for all of them: each word comes back as it was read, closed by a byte that no word can hold.
  const script = values.map((each) => `printf '%s\\0' ${shellQuote(each)}`).join("\n");
  const read = execFileSync("bash", ["-c", script], { encoding: "utf8" }).split("\0");
  expect(read.slice(0, -1)).toEqual(values);
});

test("what needs no quotes has none", () => {
  expect(shellQuote("rg-shop_1/a:b,c=d@e%f+g.h-i")).toBe("rg-shop_1/a:b,c=d@e%f+g.h-i");
  expect(shellQuote("")).toBe("''");
  expect(shellQuote("it's")).toBe("'it'\\''s'");
});
