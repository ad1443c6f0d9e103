import type { Token } from "markdown-it";
import { createGithubMarkdown } from "./github-markdown.ts";
import type { Paint } from "./terminal-log.ts";
import { renderColumns } from "./terminal-table.ts";

interface Page {
  readonly lines: string[];
  readonly paint: Paint;
  readonly width: number;
}

/**
 * A step's summary for a terminal: headings, callouts and tables stand out, folded sections stay folded, and a picture
 * is named where it would be. Lines are cut, not wrapped, at `width` characters.
 */
export function renderForTerminal(markdown: string, width: number, paint: Paint): readonly string[] {
  const tokens = createGithubMarkdown().parse(markdown, {});
  const page: Page = { lines: [], paint, width };
  for (let index = 0; index < tokens.length; ) index = renderBlock(tokens, index, page);
  return page.lines;
}

/** Renders the block that begins at `index`, and returns where the next begins. */
function renderBlock(tokens: readonly Token[], index: number, page: Page): number {
  const { lines, paint, width } = page;
  const token = tokens[index];
  switch (token?.type) {
    case "heading_open":
      lines.push("", paint("bold", plainText(tokens[index + 1])));
      return index + 3;
    case "table_open": {
      const end = endOf(tokens, index);
      const [head, ...rows] = renderColumns(readRows(tokens.slice(index, end)), width);
      lines.push("", paint("dim", head ?? ""), ...rows);
      return end;
    }
    case "fence":
      if (token.info.trim() === "mermaid") lines.push("", paint("dim", "[a picture: see the page]"));
      else
        lines.push(
          ...token.content
            .trimEnd()
            .split("\n")
            .map((line) => `    ${paint("cyan", line)}`),
        );
      return index + 1;
    case "html_block": {
      const title = /<summary>(.*?)<\/summary>/s.exec(token.content)?.[1];
      if (title === undefined) return index + 1;
      lines.push("", `${paint("dim", "▸")} ${title} ${paint("dim", "(folded)")}`);
      const end = tokens.findIndex(
        ({ type, content }, at) => at > index && type === "html_block" && /<\/details>/.test(content),
      );
      return end < 0 ? tokens.length : end + 1;
    }
    case "blockquote_open": {
      const end = endOf(tokens, index);
      const inner = tokens.slice(index + 1, end).filter(({ type }) => type === "inline");
      for (const one of inner) lines.push("", `${paint("blue", "┃")} ${plainText(one)}`);
      return end;
    }
    case "inline":
      lines.push(token.level > 1 ? `  • ${plainText(token)}` : plainText(token));
      return index + 1;
    case "paragraph_open":
      if (token.level === 0) lines.push("");
      return index + 1;
    default:
      return index + 1;
  }
}

function endOf(tokens: readonly Token[], start: number): number {
  const { type = "", level = 0 } = tokens[start] ?? {};
  const closing = type.replace(/open$/, "close");
  return tokens.findIndex((token, at) => at > start && token.type === closing && token.level === level) + 1;
}

function readRows(tokens: readonly Token[]): readonly (readonly string[])[] {
  const rows: string[][] = [];
  for (const token of tokens) {
    if (token.type === "tr_open") rows.push([]);
    if (token.type === "inline") rows.at(-1)?.push(plainText(token));
  }
  return rows;
}

/** What an inline part says, without its looks. */
function plainText(token: Token | undefined): string {
  return (token?.children ?? [])
    .map((child) => (/break$/.test(child.type) || /^<br/i.test(child.content) ? " " : child.content))
    .join("")
    .replaceAll("\u200b", "");
}
