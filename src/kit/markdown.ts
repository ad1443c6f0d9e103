/** What the platform takes as one step's summary, in bytes; one byte more and it shows nothing at all. */
export const SUMMARY_BUDGET_BYTES = 1_048_576;
/** What GitHub takes as a comment, in characters (UTF-16 units are counted, which is never too few). */
export const COMMENT_BUDGET = 65_536;

/**
 * A text as plain words in GitHub's Markdown: no formatting, HTML, table cells, mentions, references or links come out
 * of it. It may stand inside a line or be one.
 */
export function plain(text: string): string {
  return quiet(oneLine(text).trim())
    .replace(/[\\`*_{}[\]()#+!|~>$=-]/g, "\\$&")
    .replace(/^(\d+)\./, "$1\\.")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;");
}

/**
 * GitHub looks for mentions, references and addresses in the finished page, where no escape counts any more; a space
 * of no width takes them apart.
 */
function quiet(text: string): string {
  return text.replace(/[@#]|:(?=\/\/)|\b(?:gh-|www\.)/gi, "$&\u200b");
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, " ");
}

/** A text in a code span that may stand in a table cell, whatever backticks and bars it holds. */
export function code(text: string): string {
  const line = oneLine(text);
  const longestRun = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longestRun + 1);
  const padding = line.startsWith("`") || line.endsWith("`") || line === "" ? " " : "";
  return `${fence}${padding}${line.replaceAll("|", "\\|")}${padding}${fence}`;
}

/** A fenced block; the fence is longer than any run of backticks inside. */
export function fenced(text: string, language = ""): string {
  const longestRun = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longestRun + 1);
  return `${fence}${language}\n${text.replace(/\n$/, "")}\n${fence}`;
}

/** A folded section. The title is Markdown-free text; the body is Markdown. */
export function details(title: string, body: string): string {
  const safe = quiet(oneLine(title)).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<details><summary>${safe}</summary>\n\n${body}\n\n</details>`;
}

/** A table of cells that are Markdown already (use `plain` or `code` for values). */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A section of a report. Rows can be given up one by one when the budget is short; the rest is all or nothing. */
export interface Section {
  readonly text: string;
  /** Rows of the table that `text` ends with. */
  readonly rows?: readonly string[];
  /** Said instead of the rows that did not fit. */
  readonly omitted?: (count: number) => string;
}

/** Room for the line that says how many sections are missing, and for the last line break. */
const CLOSING_BYTES = 64;

/**
 * Joins sections within a budget of UTF-8 bytes. Earlier sections matter more: later rows and sections are left out
 * first, and what is left out is said. A budget under 64 bytes gets nothing.
 */
export function withinBudget(sections: readonly Section[], budgetBytes: number): string {
  const parts: string[] = [];
  let left = budgetBytes - CLOSING_BYTES;
  for (const section of sections) {
    const part = fitSection(section, left - SEPARATOR_BYTES);
    if (part === undefined) continue;
    left -= Buffer.byteLength(part) + SEPARATOR_BYTES;
    parts.push(part);
  }
  const dropped = sections.length - parts.length;
  if (dropped > 0) parts.push(`_${dropped} more section${dropped === 1 ? "" : "s"} did not fit here._`);
  return budgetBytes < CLOSING_BYTES ? "" : `${parts.join("\n\n")}\n`;
}

const SEPARATOR_BYTES = 2;

/** A section with as many of its first rows as fit, and a note on the others; undefined when not even the text fits. */
function fitSection({ text, rows = [], omitted }: Section, budgetBytes: number): string | undefined {
  const join = (count: number): string => {
    const missing = rows.length - count;
    const note = missing === 0 ? [] : ["", omitted?.(missing) ?? `… and ${missing} more.`];
    return [text, ...rows.slice(0, count), ...note].join("\n");
  };
  const fits = (count: number): boolean => Buffer.byteLength(join(count)) <= budgetBytes;
  if (fits(rows.length)) return join(rows.length);
  // The size grows with every row, but for a byte or two of the note: halve, then step back to what surely fits.
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return fits(low) ? join(low) : undefined;
}
