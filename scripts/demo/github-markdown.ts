import createMarkdownIt, { type MarkdownIt, type Token } from "markdown-it";
import { escapeHtml } from "./html.ts";
import { type IconName, renderIcon } from "./icons.ts";

/** Tags that GitHub lets through in Markdown and that Mayfly writes; any other is shown as text. */
const ALLOWED_TAGS = new Set(["details", "summary", "br", "sub", "sup", "kbd", "b", "i", "em", "strong", "code"]);
const EMPTY_TAGS = new Set(["br"]);

const ALERTS: Readonly<Record<string, IconName>> = {
  note: "info",
  tip: "bulb",
  important: "report",
  warning: "alert",
  caution: "stop",
};

const MARKER = /^\[!(note|tip|important|warning|caution)\][ \t]*(?:\n|$)/i;

/** On the first paragraph of a callout: which one it is. */
interface AlertMeta {
  readonly alert?: string;
}

/** A parser of Markdown as GitHub reads it: tables, bare links, callouts. */
export function createGithubMarkdown(): MarkdownIt {
  const markdown = createMarkdownIt({ html: true, linkify: true });
  markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
  markdown.core.ruler.after("block", "alerts", (state) => markAlerts(state.tokens));
  return markdown;
}

/**
 * A step's summary as HTML that needs no network. Tags that the text left open are closed, so that it cannot reach out
 * of its box.
 */
export function renderMarkdown(text: string): string {
  const markdown = createGithubMarkdown();
  const open: string[] = [];
  const { rules } = markdown.renderer;
  const plainFence = rules["fence"];
  const restrict = (tokens: readonly Token[], index: number): string =>
    restrictHtml(tokens[index]?.content ?? "", open);
  Object.assign(rules, {
    html_block: restrict,
    html_inline: restrict,
    // GitHub serves images through a proxy of its own; here there is no network, so the alternative text has to do.
    image: (tokens, index) => escapeHtml(tokens[index]?.content ?? ""),
    fence: (tokens, index, options, env, self) => {
      const { info, content } = tokens[index] ?? { info: "", content: "" };
      if (info.trim() === "mermaid") return `<pre class="mermaid">${escapeHtml(content)}</pre>\n`;
      return plainFence?.(tokens, index, options, env, self) ?? "";
    },
    paragraph_open: (tokens, index, options, _env, self) => {
      const { alert } = (tokens[index]?.meta ?? {}) as AlertMeta;
      return (alert === undefined ? "" : renderAlertTitle(alert)) + self.renderToken(tokens, index, options);
    },
  } satisfies typeof rules);
  const html = markdown.render(text);
  return (
    html +
    open
      .toReversed()
      .map((tag) => `</${tag}>`)
      .join("")
  );
}

/** Lets allowed tags through without their attributes, and shows the others as text. `open` holds the tags not closed yet. */
export function restrictHtml(html: string, open: string[]): string {
  return html
    .replace(/<!--[\s\S]*?-->/g, "")
    .split(/(<\/?[a-z][^<>]*>)/i)
    .map((part, index) => {
      if (index % 2 === 0) return escapeHtml(part.replace(/&(?=#?\w+;)/g, "&\u0000")).replaceAll("&amp;\u0000", "&");
      const [, slash = "", name = ""] = /^<(\/?)([a-z]\w*)/i.exec(part) ?? [];
      const tag = name.toLowerCase();
      if (!ALLOWED_TAGS.has(tag)) return escapeHtml(part);
      if (EMPTY_TAGS.has(tag)) return `<${tag}>`;
      if (slash === "") {
        open.push(tag);
        return `<${tag}>`;
      }
      if (open.at(-1) !== tag) return "";
      open.pop();
      return `</${tag}>`;
    })
    .join("");
}

/** Turns quotes that begin with `[!NOTE]` and its kin into callouts: their own element, with a title. */
function markAlerts(tokens: readonly Token[]): void {
  for (const [index, token] of tokens.entries()) {
    const [paragraph, inline] = [tokens[index + 1], tokens[index + 2]];
    if (token.type !== "blockquote_open" || paragraph === undefined || inline?.type !== "inline") continue;
    const [marker = "", kind = ""] = MARKER.exec(inline.content) ?? [];
    if (marker === "") continue;
    const alert = kind.toLowerCase();
    inline.content = inline.content.slice(marker.length);
    token.attrSet("class", `markdown-alert markdown-alert-${alert}`);
    paragraph.meta = { alert } satisfies AlertMeta;
    const end = tokens.slice(index).find(({ type, level }) => type === "blockquote_close" && level === token.level);
    for (const edge of [token, end]) if (edge !== undefined) edge.tag = "div";
  }
}

function renderAlertTitle(alert: string): string {
  const title = `${alert.charAt(0).toUpperCase()}${alert.slice(1)}`;
  return `<p class="markdown-alert-title">${renderIcon(ALERTS[alert] ?? "info")}${title}</p>\n`;
}
