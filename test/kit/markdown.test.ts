import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { code, details, fenced, plain, table } from "../../src/kit/markdown.ts";

const nasty = fc.string({
  unit: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(..."\\`*_{}[]()#+!|~<>&@:/=-$.1aw \r\n\"'") },
    {
      weight: 1,
      arbitrary: fc.constantFrom("<img src=x>", "@octocat", "#12", "https://x.y", "www.x.y", "GH-7", "&lt;", "``"),
    },
  ),
  maxLength: 30,
});

/**
 * The cells of a row, as cmark-gfm cuts it: its scanner takes the longest match, so a bar belongs to the cell whenever a
 * backslash stands right before it, even one that is itself escaped.
 */
function cellsOf(row: string): readonly string[] {
  return row.split(/(?<!\\)\|/).map((cell) => cell.replaceAll("\\|", "|").trim());
}

describe("plain", () => {
  test("leaves nothing that Markdown, HTML or a table would read", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const escaped = plain(text);
        const bare = escaped.replace(/\\[!-/:-@[-`{-~]/g, "");
        expect(bare).not.toMatch(/[\\`*_{}[\]()#+!|~<>$=\r\n-]/);
        expect(bare.replaceAll("&amp;", "").replaceAll("&lt;", "")).not.toContain("&");
        expect(escaped).not.toMatch(/^\s|^\d+\./);
      }),
      { numRuns: 1000 },
    );
  });

  test("leaves nothing that GitHub would link or notify once the page is made", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const shown = plain(text)
          .replace(/\\([!-/:-@[-`{-~])/g, "$1")
          .replaceAll("&lt;", "<")
          .replaceAll("&amp;", "&");
        expect(shown).not.toMatch(/[@#][^\u200b]|:\/\/|\bgh-\d|\bwww\.[a-z]/i);
        // And yet it reads as it was.
        expect(shown.replaceAll("\u200b", "")).toBe(text.replace(/[\r\n]+/g, " ").trim());
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["| a |", "\\| a \\|"],
    ["<b>&amp;</b>", "&lt;b\\>&amp;amp;&lt;/b\\>"],
    ["mail me@x.y", "mail me@\u200bx.y"],
    ["see https://x.y", "see https:\u200b//x.y"],
    ["1. first", "1\\. first"],
    ["    code", "code"],
    ["api 1.2 ok", "api 1.2 ok"],
  ])("%j becomes %j", (text, escaped) => {
    expect(plain(text)).toBe(escaped);
  });
});

describe("code", () => {
  test("is one code span that holds the text, whatever backticks it has", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const [, fence = "", inside = ""] = /^(`+)(.*)\1$/s.exec(code(text)) ?? [];
        expect(fence).not.toBe("");
        // No run of the fence's length inside: the span ends where we end it.
        expect((inside.match(/`+/g) ?? []).map((run) => run.length)).not.toContain(fence.length);
        expect(inside.replaceAll("\\|", "|").trim()).toBe(text.replace(/[\r\n]+/g, " ").trim());
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a table", () => {
  const cell = fc.oneof(nasty.map(plain), nasty.map(code));

  test("keeps its columns, whatever its cells say", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { maxLength: 4 }), (rows) => {
        const [head = "", rule, ...lines] = table(["A", "B", "C"], rows).split("\n");
        expect(head).toBe("| A | B | C |");
        expect(rule).toBe("| --- | --- | --- |");
        expect(lines).toHaveLength(rows.length);
        for (const line of lines) expect(cellsOf(line.slice(1, -1))).toHaveLength(3);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a fenced block", () => {
  test("ends where it should, whatever it holds", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const [open = "", ...rest] = fenced(text, "diff").split("\n");
        const fence = /^`+/.exec(open)?.[0] ?? "";
        const closing = new RegExp(`^\\s*\`{${fence.length},}\\s*$`);
        expect(rest.findIndex((line) => closing.test(line))).toBe(rest.length - 1);
        expect(open).toBe(`${fence}diff`);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a folded section", () => {
  test("has a title without HTML, lines or mentions", () => {
    fc.assert(
      fc.property(nasty, (title) => {
        const [, inside = ""] = /^<details><summary>(.*)<\/summary>\n\nbody\n\n<\/details>$/.exec(
          details(title, "body"),
        ) ?? ["", "<"];
        expect(inside).not.toMatch(/[<\r\n]|@[^\u200b]/);
        expect(inside.replace(/&(?:amp|lt);/g, "")).not.toContain("&");
      }),
      { numRuns: 1000 },
    );
  });
});
