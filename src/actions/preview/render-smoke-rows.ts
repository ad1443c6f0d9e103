import { details, type Section, table } from "../../kit/markdown.ts";
import type { SmokeRow } from "../../preview/story.ts";
import { count, span, words } from "../render-text.ts";
import { renderSeconds } from "../smoke/render-seconds.ts";

const LONGEST_SEEN = 300;
/** More rows than this are folded. */
const MOST_OPEN = 12;
const MOST_FOLDED = 100;

/** `✅ 12 checks passed`, `❌ 2 of 12 checks failed`; empty where nothing was checked. */
export function saySmoke(rows: readonly SmokeRow[]): string {
  if (rows.length === 0) return "";
  const skipped = rows.filter(({ outcome }) => outcome === "skipped").length;
  const optional = rows.filter((row) => row.outcome === "failed" && row.optional).length;
  const failed = rows.filter((row) => row.outcome === "failed" && !row.optional).length;
  const passed = rows.length - skipped - optional - failed;
  const head =
    failed > 0
      ? `❌ ${failed} of ${count(rows.length - skipped, "check")} failed`
      : passed === 0
        ? "⏭️ no check was taken"
        : `✅ ${count(passed, "check")} passed`;
  const rest = [
    ...(optional === 0 ? [] : [`${optional} optional failed`]),
    ...(skipped === 0 ? [] : [`${skipped} not taken`]),
  ];
  return [head, ...rest].join(", ");
}

/** The failed checks with what was seen, and then all of them: folded when there are many. */
export function renderSmoke(rows: readonly SmokeRow[]): readonly Section[] {
  if (rows.length === 0) return [];
  const head = `**Smoke test:** ${saySmoke(rows)}`;
  const all = rows.map((row) => renderRow([markOf(row), words(row.step, 80), span(row.check, 120), renderTime(row)]));
  const header = table(["", "Step", "Check", "Time"], []);
  const failures = renderFailures(rows);
  if (rows.length <= MOST_OPEN) return [...failures, { text: `${head}\n\n${header}`, rows: all, omitted }];
  const left = all.length - MOST_FOLDED;
  const body = [header, ...all.slice(0, MOST_FOLDED), ...(left > 0 ? ["", omitted(left)] : [])].join("\n");
  return [...failures, { text: head }, { text: details(`All ${rows.length} checks`, body) }];
}

function renderFailures(all: readonly SmokeRow[]): readonly Section[] {
  const rows = all
    .filter(({ outcome }) => outcome === "failed")
    .map((row) =>
      renderRow([
        `${markOf(row)} ${words(row.step, 80)}: ${span(row.check, 120)}`,
        words(row.expected, LONGEST_SEEN),
        words(row.seen, LONGEST_SEEN),
      ]),
    );
  return rows.length === 0 ? [] : [{ text: table(["Failed", "Expected", "Seen at last"], []), rows, omitted }];
}

function omitted(missing: number): string {
  return `… and ${missing} more in the reports.`;
}

function markOf({ outcome, optional }: SmokeRow): string {
  if (outcome === "passed") return "✅";
  if (outcome === "skipped") return "⏭️";
  return optional ? "⚠️" : "❌";
}

function renderTime({ outcome, durationMs }: SmokeRow): string {
  return outcome === "skipped" ? "" : renderSeconds(durationMs);
}

function renderRow(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
