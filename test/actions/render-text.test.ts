import { expect, test } from "@jest/globals";
import { clean, clip } from "../../src/actions/render-text.ts";

test.each([
  ["\u001b[1;31mred\u001b[0m", "red"],
  ["a\u001b]8;;https://x.example\u0007link\u001b]8;;\u0007b", "alinkb"],
  ["a\r\nb\rc\td", "a\nb\nc\td"],
  ["a\u202egnp.exe", "a\\u{202e}gnp.exe"],
  ["\u0000\u0007\u009b", "\\u{0}\\u{7}\\u{9b}"],
  ["<!-- mayfly -->", "<!\u200b-- mayfly -->"],
  ["\ud83d", "\ufffd"],
  ["é 漢字 😀", "é 漢字 😀"],
])("a text of somebody else's, %j, is shown as %j", (text, shown) => {
  expect(clean(text)).toBe(shown);
});

test("a long text says how much of it is missing", () => {
  expect(clip("abcdef", 6)).toBe("abcdef");
  expect(clip("abcdef", 4)).toBe("abcd… (2 more characters)");
});
