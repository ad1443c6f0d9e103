import type { Played } from "./act.ts";
import { compareNames, listParts, type PartHistory, renderChange } from "./parts.ts";
import { renderColumns } from "./terminal-table.ts";

/** What stood in Azure at first and what is left, a table for each part, as lines of at most `width` characters. */
export function renderInventoryLines(played: readonly Played[], width: number): readonly string[] {
  return listParts(played).flatMap((part) => ["", ...renderColumns(listRows(part), width)]);
}

function listRows({ part, atFirst, moments }: PartHistory): readonly (readonly string[])[] {
  const after = moments.at(-1)?.after ?? [];
  const [was, is] = [atFirst, after].map((moment) => new Map(moment.map(({ name, note }) => [name, note])));
  // In the order of the beginning, as far as there was one; what is new stands where its name belongs.
  const names = [...new Set([...atFirst, ...after].map(({ name }) => name))];
  const ordered = after.every(({ name }) => was?.has(name)) ? names : names.toSorted(compareNames);
  const rows = ordered.map((name) => {
    const [before, now] = [was?.get(name), is?.get(name)];
    return [name, before ?? "–", renderNow(before, now)];
  });
  return [[part.title, "Before", "After"], ...(rows.length === 0 ? [["none", "–", "–"]] : rows)];
}

function renderNow(before: string | undefined, now: string | undefined): string {
  if (now === undefined) return "gone";
  return now === before ? "as before" : renderChange(before, now);
}
