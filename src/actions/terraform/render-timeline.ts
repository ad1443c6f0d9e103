import type { Story, WorkedOn } from "../../terraform/story.ts";
import { type GanttBar, renderGantt } from "../render-gantt.ts";

/** More bars than this are no picture any more. */
const MOST_RESOURCES = 15;

const LOOKS: Readonly<Record<WorkedOn["outcome"], GanttBar["look"]>> = { running: "", done: "", failed: "crit, " };

/** A picture of where the time went: the run's phases, and the resources that took longest or failed. */
export function renderTimeline({ phases, work }: Pick<Story, "phases" | "work">): string {
  const end = Math.max(0, ...phases.map(({ toMs }) => toMs), ...work.map(({ toMs }) => toMs ?? 0));
  const bars = work.map((one) => ({ ...one, toMs: one.toMs ?? Math.max(end, one.fromMs) }));
  const weight = ({ fromMs, toMs, outcome }: WorkedOn & { readonly toMs: number }): number =>
    toMs - fromMs + (outcome === "failed" ? end : 0);
  const slowest = new Set(bars.toSorted((a, b) => weight(b) - weight(a)).slice(0, MOST_RESOURCES));
  const shown = bars.filter((bar) => slowest.has(bar));
  return renderGantt([
    { title: "Run", bars: phases.map(({ name, fromMs, toMs }) => ({ name, look: "done, ", fromMs, toMs })) },
    {
      title: `Resources${shown.length < bars.length ? ` ${shown.length}/${bars.length}` : ""}`,
      bars: shown.map(({ address, outcome, fromMs, toMs }) => ({ name: address, look: LOOKS[outcome], fromMs, toMs })),
    },
  ]);
}
