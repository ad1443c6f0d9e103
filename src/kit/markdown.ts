/** What the platform takes as one step's summary, in bytes; one byte more and it shows nothing at all. */
export const SUMMARY_BUDGET_BYTES = 1_048_576;

/** A text as plain words in GitHub's Markdown: no formatting, HTML, table cells, mentions or links come out of it. */
export function plain(text: string): string {
  return text
    .replace(/[\r\n]+/g, " ")
    .replace(/[\\`*_{}[\]()#+!|~>-]/g, "\\$&")
    .replaceAll("<", "&lt;")
    .replaceAll("@", "@\u200b")
    .replace(/:\/\//g, ":\u200b//");
}

/** A text in a code span that may stand in a table cell, whatever backticks and bars it holds. */
export function code(text: string): string {
  const line = text.replace(/[\r\n]+/g, " ");
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
  const safe = title.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
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

/**
 * Joins sections within a budget of UTF-8 bytes. Earlier sections matter more: later rows and sections are left out
 * first, and what is left out is said.
 */
export function withinBudget(sections: readonly Section[], budgetBytes: number): string {
  const RESERVE_BYTES = 512;
  const parts: string[] = [];
  let left = budgetBytes - RESERVE_BYTES;
  let dropped = 0;
  for (const section of sections) {
    const head = Buffer.byteLength(section.text) + 2;
    if (head > left) {
      dropped += 1;
      continue;
    }
    left -= head;
    const kept: string[] = [];
    for (const row of section.rows ?? []) {
      const size = Buffer.byteLength(row) + 1;
      if (size > left) break;
      left -= size;
      kept.push(row);
    }
    const missing = (section.rows?.length ?? 0) - kept.length;
    const note = missing === 0 ? [] : ["", section.omitted?.(missing) ?? `… and ${missing} more.`];
    parts.push([section.text, ...kept, ...note].join("\n"));
  }
  if (dropped > 0) parts.push(`_${dropped} more section${dropped === 1 ? "" : "s"} did not fit here._`);
  return `${parts.join("\n\n")}\n`;
}
