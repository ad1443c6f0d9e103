import type { BuildStep } from "../../image/build-request.ts";
import { fenced } from "../../kit/markdown.ts";
import type { Phase } from "./story.ts";

/** More bars than this are no picture any more. */
const MOST_STEPS = 15;
/** A step is worth a bar from this share of the whole on. */
const SMALLEST_SHARE = 0.01;
/** A bar without a length is not drawn. */
const SHORTEST_BAR_MS = 50;

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
    // Times of a day, which are read and written in the reader's time zone alike: the axis begins at zero everywhere.
    "  dateFormat HH:mm:ss.SSS",
    ...renderAxis(end),
    "  todayMarker off",
    "  section Run",
    ...renderBeginning(phases),
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

/** Distances between marks that people count in. */
const INTERVALS: ReadonlyArray<readonly [name: string, milliseconds: number]> = [
  ["50millisecond", 50],
  ["100millisecond", 100],
  ["200millisecond", 200],
  ["500millisecond", 500],
  ["1second", 1_000],
  ["2second", 2_000],
  ["5second", 5_000],
  ["10second", 10_000],
  ["30second", 30_000],
  ["1minute", 60_000],
  ["2minute", 120_000],
  ["5minute", 300_000],
  ["10minute", 600_000],
  ["30minute", 1_800_000],
];
const MOST_MARKS = 10;
const HOUR_MS = 3_600_000;

/** Marks that are apart enough to be read, none written like its neighbour. */
function renderAxis(endMs: number): readonly string[] {
  const [interval, lengthMs] = INTERVALS.find(([, length]) => endMs / length <= MOST_MARKS) ?? ["1hour", HOUR_MS];
  const format = lengthMs < 1_000 ? "%-S.%L" : endMs < HOUR_MS ? "%M:%S" : "%H:%M";
  return [`  axisFormat ${format}`, `  tickInterval ${interval}`];
}

/** What comes before the first phase (who we are, which registry, what is allowed there), so that the axis begins at zero. */
function renderBeginning(phases: readonly Phase[]): readonly string[] {
  const startedMs = Math.min(...phases.map((phase) => phase.startedMs));
  return startedMs < SHORTEST_BAR_MS ? [] : [renderBar("prepare", "done, ", 0, startedMs)];
}

const LOOKS: Readonly<Record<BuildStep["outcome"], string>> = { done: "", cached: "done, ", failed: "crit, " };

function lengthOf(step: BuildStep): number {
  return step.finishedMs - step.startedMs;
}

const LONGEST_NAME = 48;

function renderBar(name: string, look: string, fromMs: number, toMs: number): string {
  return `    ${safeName(name)} :${look}${renderInstant(fromMs)}, ${renderInstant(Math.max(toMs, fromMs + SHORTEST_BAR_MS))}`;
}

/** Milliseconds since the beginning as a time of day. */
function renderInstant(milliseconds: number): string {
  return new Date(Math.round(milliseconds)).toISOString().slice("1970-01-01T".length, -1);
}

/** Colons, semicolons, hashes and commas mean something to mermaid, and `${{` to whoever pastes it. */
function safeName(name: string): string {
  const safe = name
    .replace(/["'`]/g, "")
    .replace(/[^-\w.()/=[\]*@+]+/g, " ")
    .trim();
  return safe.length > LONGEST_NAME ? `${safe.slice(0, LONGEST_NAME - 1)}…` : safe || "step";
}
