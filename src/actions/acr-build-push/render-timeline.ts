import type { BuildStep } from "../../image/build-request.ts";
import { type GanttBar, renderGantt } from "../render-gantt.ts";
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
  return renderGantt([
    { title: "Run", bars: phases.map(makeBar) },
    {
      title: `Build${shown.length < steps.length ? ` ${shown.length}/${steps.length}` : ""}`,
      bars: shown.map((step) => ({
        name: step.name,
        look: LOOKS[step.outcome],
        fromMs: step.startedMs + offset,
        toMs: step.finishedMs + offset,
      })),
    },
  ]);
}

function makeBar({ name, startedMs, finishedMs }: Phase): GanttBar {
  return { name, look: "done, ", fromMs: startedMs, toMs: finishedMs };
}

const LOOKS: Readonly<Record<BuildStep["outcome"], GanttBar["look"]>> = {
  done: "",
  cached: "done, ",
  failed: "crit, ",
};

function lengthOf(step: BuildStep): number {
  return step.finishedMs - step.startedMs;
}
