import type { BuildStep } from "../../image/build-request.ts";
import { fenced } from "../../kit/markdown.ts";
import type { Phase } from "./story.ts";

/** More bars than this are no picture any more. */
const MOST_STEPS = 15;
/** A step is worth a bar from this share of the whole on. */
const SMALLEST_SHARE = 0.01;

/**
 * A picture of where the time went: the run's phases, and the longest steps of the build. Mermaid, which GitHub draws by
 * itself; empty when nothing took time.
 */
export function renderTimeline(phases: readonly Phase[], steps: readonly BuildStep[]): string {
  const build = phases.find(({ name }) => name === "build");
  const end = Math.max(0, ...phases.map(({ finishedMs }) => finishedMs));
  if (end === 0) return "";
  const worthwhile = steps.filter((step) => lengthOf(step) >= end * SMALLEST_SHARE || step.outcome === "failed");
  const longest = new Set(worthwhile.toSorted((a, b) => lengthOf(b) - lengthOf(a)).slice(0, MOST_STEPS));
  const shown = steps.filter((step) => longest.has(step));
  const offset = build?.startedMs ?? 0;
  const lines = [
    "gantt",
    "  dateFormat x",
    "  axisFormat %M:%S",
    "  todayMarker off",
    "  section Run",
    ...phases.map((phase) => renderBar(phase.name, "done, ", phase.startedMs, phase.finishedMs)),
    ...(shown.length === 0
      ? []
      : [`  section Build${shown.length < steps.length ? ` ${shown.length}/${steps.length}` : ""}`]),
    ...shown.map((step) =>
      renderBar(step.name, LOOKS[step.outcome], step.startedMs + offset, step.finishedMs + offset),
    ),
  ];
  return fenced(lines.join("\n"), "mermaid");
}

const LOOKS: Readonly<Record<BuildStep["outcome"], string>> = { done: "", cached: "done, ", failed: "crit, " };

function lengthOf(step: BuildStep): number {
  return step.finishedMs - step.startedMs;
}

const LONGEST_NAME = 48;

function renderBar(name: string, look: string, fromMs: number, toMs: number): string {
  // A bar without a length is not drawn.
  return `    ${safeName(name)} :${look}${Math.round(fromMs)}, ${Math.round(Math.max(toMs, fromMs + 50))}`;
}

/** Colons, semicolons, hashes and commas mean something to mermaid, and `${{` to whoever pastes it. */
function safeName(name: string): string {
  const safe = name.replace(/[^-\w.()/=[\] ]/g, "_").trim();
  return safe.length > LONGEST_NAME ? `${safe.slice(0, LONGEST_NAME - 1)}…` : safe || "step";
}
