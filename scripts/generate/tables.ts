import { code, table } from "../../src/kit/markdown.ts";
import type { Entry, Interface } from "./interface-of.ts";

const NONE = "_None._";

/** The table of an action's or workflow's inputs (or secrets, which look the same). */
export function renderInputs(entries: readonly Entry[]): string {
  if (entries.length === 0) return NONE;
  // Composites say nothing about kinds: a column of blanks would only take room.
  const withKinds = entries.some((entry) => entry.kind !== undefined);
  const header = ["Input", "Description", ...(withKinds ? ["Kind"] : []), "Default"];
  return table(
    header,
    entries.map((entry) => [
      code(entry.name),
      `${entry.deprecated ? "**Deprecated.** " : ""}${cell(entry.description)}`,
      ...(withKinds ? [cell(entry.kind ?? "")] : []),
      renderDefault(entry),
    ]),
  );
}

/** The table of outputs. */
export function renderOutputs(entries: readonly Entry[]): string {
  if (entries.length === 0) return NONE;
  return table(
    ["Output", "Description"],
    entries.map((entry) => [code(entry.name), cell(entry.description)]),
  );
}

/** The table of all actions, each with a link to its page. */
export function renderActions(actions: ReadonlyMap<string, Interface>): string {
  const rows = [...actions].map(([folder, { description }]) => [
    `[${code(folder)}](actions/${folder}/README.md)`,
    cell(description),
  ]);
  return table(["Action", "What it does"], rows);
}

function renderDefault(entry: Entry): string {
  if (entry.required) return "_required_";
  return entry.default === undefined || entry.default === "" ? "" : code(entry.default);
}

/** Descriptions are Markdown by hand: only what would end the cell is changed. */
function cell(markdown: string): string {
  return markdown
    .trim()
    .replace(/\s*\n\s*/g, " ")
    .replaceAll("|", "\\|");
}
