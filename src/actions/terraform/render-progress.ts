import { renderDuration } from "../../kit/duration.ts";
import { describeDiagnostic } from "../../terraform/diagnostics/describe-diagnostic.ts";
import type { WorkedOn } from "../../terraform/story.ts";
import type { ChangeSummary, HookAction, StreamEvent } from "../../terraform/stream-event.ts";
import type { WorkFacts } from "../../terraform/work-log.ts";

/** Names in one line; more are only counted. */
const MOST_NAMES = 3;

const DOING: Readonly<Record<HookAction, string>> = {
  create: "creating",
  read: "reading",
  update: "updating",
  replace: "replacing",
  delete: "destroying",
  other: "working on",
};
const DONE: Readonly<Record<HookAction, string>> = {
  create: "created",
  read: "read",
  update: "updated",
  replace: "replaced",
  delete: "destroyed",
  other: "done",
};

/** Where the work stands, in a line: `apply 12/40 · azurerm_kubernetes_cluster.this creating 3m10s · 2 failed`. */
export function renderProgressLine(facts: WorkFacts): string {
  const running = facts.work.filter(({ outcome }) => outcome === "running").toSorted((a, b) => a.fromMs - b.fromMs);
  const changes = facts.work.filter(({ action }) => action !== "read");
  const word = changes.length > 0 && changes.every(({ action }) => action === "delete") ? "destroy" : "apply";
  const left = running.length - MOST_NAMES;
  return [
    facts.total === undefined ? `${word} ${facts.done}` : `${word} ${facts.done}/${facts.total}`,
    ...running.slice(0, MOST_NAMES).map((one) => describe(one, facts.atMs)),
    ...(left > 0 ? [`${left} more under way`] : []),
    ...(facts.failed > 0 ? [`${facts.failed} failed`] : []),
  ].join(" · ");
}

function describe({ address, action, fromMs }: WorkedOn, atMs: number): string {
  return `${address} ${DOING[action]} ${renderDuration(atMs - fromMs)}`;
}

/** An event as a line of the log; undefined for one that nobody would miss there. */
export function renderEvent(event: StreamEvent): string | undefined {
  switch (event.kind) {
    case "diagnostic":
      return renderDiagnostic(event);
    case "planned":
      return `${event.address}: to ${event.action}`;
    case "start":
      return event.action === "read" ? undefined : `${event.address}: ${DOING[event.action]}`;
    case "complete":
      return event.action === "read" ? undefined : `${event.address}: ${DONE[event.action]}${after(event.seconds)}`;
    case "errored":
      return `${event.address}: ${DOING[event.action]} failed${after(event.seconds)}`;
    case "provision":
      return event.text === "" ? undefined : `${event.address}: ${event.text}`;
    case "summary":
      return renderCounts(event.summary);
    case "lock":
      return event.phase === "acquiring" ? "waiting for the state's lock" : "giving back the state's lock";
    case "interrupt":
    case "log":
    case "text":
      return event.text.trim() === "" ? undefined : event.text.trim();
    case "version":
    // The plan tells which of them counts.
    case "drifted":
    case "outputs":
    case "progress":
    case "refresh":
      return undefined;
  }
}

function renderDiagnostic({ diagnostic }: Extract<StreamEvent, { kind: "diagnostic" }>): string {
  const word = diagnostic.severity === "error" ? "Error" : "Warning";
  const { detail } = diagnostic;
  const head = `${word}: ${describeDiagnostic({ ...diagnostic, detail: "" })}`;
  return detail === "" ? head : `${head}\n${detail.replace(/^/gm, "  ")}`;
}

function renderCounts({ operation, add, change, remove, import: imported }: ChangeSummary): string {
  const brought = imported === 0 ? "" : `${imported} to import, `;
  if (operation === "plan") return `Plan: ${brought}${add} to add, ${change} to change, ${remove} to destroy`;
  const came = imported === 0 ? "" : `${imported} imported, `;
  return `Done: ${came}${add} added, ${change} changed, ${remove} destroyed`;
}

/** Nothing for what was too quick to be worth a number. */
function after(seconds: number): string {
  return seconds < 1 ? "" : ` after ${renderDuration(seconds * 1000)}`;
}
