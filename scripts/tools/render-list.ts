import { renderDuration } from "../../src/kit/duration.ts";
import type { Tool } from "./tool.ts";

/** A table of tools for a terminal: what each is, whether it is there, and what it takes to get it. */
export function renderList(tools: readonly Tool[]): string {
  const rows = tools.map((tool) => [
    tool.name,
    tool.version ?? "Debian's",
    tool.find() === undefined ? "missing" : "there",
    renderDuration(tool.expectedSeconds * 1000),
    tool.programs.join(" "),
  ]);
  const table = [["TOOL", "VERSION", "STATE", "TAKES", "PROGRAMS"], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
