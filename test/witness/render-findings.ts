import type { RecordedRequest } from "../azure/traffic.ts";
import { type Finding, isBroken, NOT_ASKED, type Skip } from "./check.ts";

const CELL = 44;

/** The table of all checks, as text for a terminal. */
export function renderTable(rows: readonly (Finding | Skip)[]): string {
  const cells = [["check", "az", "adapter", "same?"], ...rows.map(toCells)];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => "-".repeat(width)).join("  "));
  return lines.join("\n");
}

function toCells(row: Finding | Skip): readonly string[] {
  if ("skipped" in row) return [row.name, "-", "-", "SKIPPED"];
  return [row.name, brief(row.az), brief(row.adapter), row.same ? "yes" : "NO"];
}

/** Everything of a finding that is a difference. */
export function renderDifference(finding: Finding): string {
  const side = (name: string, view: unknown) => (view === NOT_ASKED ? [] : [`  ${name}: ${full(view)}`]);
  return [
    `${finding.name}:`,
    ...side("az", finding.az),
    ...side("adapter", finding.adapter),
    ...side("truth", finding.truth),
    ...finding.refused.map((why) => `  refused: ${why}`),
  ].join("\n");
}

/** What each side sent, without what says nothing: hosts stand in front only where it is not ARM. */
export function renderRequests({ name, azRequests, adapterRequests }: Finding): string {
  const lines = (side: string, requests: readonly RecordedRequest[]) =>
    requests.map((request) => `  ${side.padEnd(7)} ${renderRequest(request)}`);
  return [name, ...lines("az", azRequests), ...lines("adapter", adapterRequests)].join("\n");
}

/** The id of the subscription is always the same, and where a page begins is nobody's choice. */
function renderRequest({ method, host, path, query, status }: RecordedRequest): string {
  const place = host === "management.azure.com" ? path.replace(/^(\/subscriptions\/)[^/]+/, "$1…") : `${host}${path}`;
  const parameters = Object.entries(query).map(([name, value]) => `${name}=${name === "$skiptoken" ? "…" : value}`);
  return `${method} ${place}${parameters.length === 0 ? "" : ` ? ${parameters.join(" & ")}`} -> ${status}`;
}

function brief(view: unknown): string {
  const text = Array.isArray(view) && view.length > 1 ? `${view.length}: ${full(view)}` : full(view);
  return text.length <= CELL ? text : `${text.slice(0, CELL - 1)}…`;
}

function full(view: unknown): string {
  if (view === NOT_ASKED) return "-";
  if (isBroken(view)) return `FAILED: ${view.broken}`;
  return typeof view === "string" ? view : JSON.stringify(view);
}
