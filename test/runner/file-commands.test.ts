import { describe, expect, test } from "@jest/globals";
import { parsePairs } from "./file-commands.ts";

const parse = (text: string): Record<string, string> => Object.fromEntries(parsePairs(text));

describe("a command file", () => {
  test.each([
    ["a=b", { a: "b" }],
    ["a=b\nc=\n", { a: "b", c: "" }],
    ["a=b<<c\n", { a: "b<<c" }],
    ["a<<E=F\nx\nE=F\n", { a: "x" }],
    ["a<<EOF\nEOF inside\n EOF\n\nlast\nEOF\nb=c", { a: "EOF inside\n EOF\n\nlast", b: "c" }],
    ["a<<EOF\nEOF\n", { a: "" }],
    ["a<<EOF\n\nEOF", { a: "" }],
    ["a<<EOF\nx\r\nEOF\n", { a: "x\r" }],
    ["=v", { "": "v" }],
  ])("%j holds %j", (text, pairs) => {
    expect(parse(text)).toEqual(pairs);
  });

  test.each([
    ["nothing", "Invalid format 'nothing'"],
    ["<<EOF\nx\nEOF\n", "Invalid format '<<EOF'. Name must not be empty and delimiter must not be empty"],
    ["a<<\nx\n", "Invalid format 'a<<'. Name must not be empty and delimiter must not be empty"],
    ["a<<EOF\nx\n", "Invalid value. Matching delimiter not found 'EOF'"],
    ["a<<EOF\nx", "Invalid value. EOF marker missing new line."],
  ])("%j is refused in GitHub's words", (text, message) => {
    expect(() => parse(text)).toThrow(new Error(message));
  });

  test("yields what stands before a malformed line", () => {
    const seen: string[] = [];
    expect(() => {
      for (const [name] of parsePairs("a=1\nb=2\nbad\n")) seen.push(name);
    }).toThrow();
    expect(seen).toEqual(["a", "b"]);
  });
});
