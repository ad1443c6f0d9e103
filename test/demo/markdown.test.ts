import { describe, expect, test } from "@jest/globals";
import { renderMarkdown } from "../../scripts/demo/github-markdown.ts";
import { renderForTerminal } from "../../scripts/demo/terminal-markdown.ts";
import { renderColumns } from "../../scripts/demo/terminal-table.ts";

describe("a summary on the page", () => {
  test("has callouts, tables and folds as on GitHub", () => {
    const html = renderMarkdown(
      "> [!WARNING]\n> Mind `this`.\n\n| a | b |\n| --- | --- |\n| 1<br>2 | x |\n\n<details><summary>More</summary>\n\n- item\n\n</details>\n",
    );
    expect(html).toMatch(
      /<div class="markdown-alert markdown-alert-warning">\s*<p class="markdown-alert-title"><svg.*<\/svg>Warning<\/p>\s*<p>Mind <code>this<\/code>\.<\/p>\s*<\/div>/,
    );
    expect(html).toContain("<td>1<br>2</td>");
    expect(html).toMatch(/<details><summary>More<\/summary>\s*<ul>\s*<li>item<\/li>\s*<\/ul>\s*<\/details>/);
  });

  test("leaves a quote that is no callout a quote", () => {
    expect(renderMarkdown("> [!OTHER]\n> text")).toContain("<blockquote>");
    expect(renderMarkdown("> [!NOTE] text")).toContain("<blockquote>");
  });

  test("hands pictures to mermaid as text", () => {
    expect(renderMarkdown("```mermaid\ngantt\n  a :<b>, 1\n```")).toBe(
      '<pre class="mermaid">gantt\n  a :&lt;b&gt;, 1\n</pre>\n',
    );
  });

  test.each([
    ["<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
    ["a <img src=x onerror=alert(1)> b", "<p>a &lt;img src=x onerror=alert(1)&gt; b</p>\n"],
    ["a <b onclick=alert(1)>b</b>", "<p>a <b>b</b></p>\n"],
    ["a <!-- hidden --> b", "<p>a  b</p>\n"],
    ["![alt](https://example.com/x.png)", "<p>alt</p>\n"],
    ["[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"],
    ["<details><summary>x</summary>", "<details><summary>x</summary></details>"],
    ["a </details></div> b", "<p>a &lt;/div&gt; b</p>\n"],
    ["see aka.ms/x and www.example.com", "<p>see aka.ms/x and www.example.com</p>\n"],
  ])("lets %j do no harm", (markdown, html) => {
    expect(renderMarkdown(markdown)).toBe(html);
  });
});

describe("a summary in the terminal", () => {
  test("is readable: tables in columns, folds folded, pictures named", () => {
    const markdown =
      "## Title\n\n> [!NOTE]\n> Mind `this`.\n\n| Group | Why |\n| --- | --- |\n| `a` | x&nbsp;y<br>z |\n| `longer` | ✅ b |\n\n" +
      "```mermaid\ngantt\n```\n\n- item\n\n  ```sh\n  az x\n  ```\n\n<details><summary>More</summary>\n\nhidden\n\n</details>\n\nend\n";
    expect(renderForTerminal(markdown, 80, (_, text) => text)).toEqual(
      [
        ["", "Title", "", "┃ Mind this."],
        ["", "Group   Why", "a       x\u00a0y z", "longer  ✅ b"],
        ["", "[a picture: see the page]", "  • item", "    az x"],
        ["", "▸ More (folded)", "", "end"],
      ].flat(),
    );
  });

  test("counts pictures as two columns, and cuts what is too wide", () => {
    const rows = [
      ["⚠️ odd", "x"],
      ["✅", "y"],
      ["plain", "zebra"],
    ];
    expect(renderColumns(rows, 20)).toEqual(["⚠️ odd  x", "✅      y", "plain   zebra"]);
    expect(renderColumns(rows, 12)).toEqual(["⚠️ odd  x", "✅      y", "plain   zeb…"]);
  });
});
