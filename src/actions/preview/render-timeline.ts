import type { StoryPart } from "../../preview/story.ts";
import { renderGantt } from "../render-gantt.ts";

/** More bars than this are no picture any more. */
const MOST_BARS = 40;
const LONGEST_TITLE = 24;

/** A picture of where the time went, section by section; empty when nobody knows. */
export function renderTimeline(parts: readonly StoryPart[]): string {
  const sections = new Map<string, StoryPart[]>();
  // The longest and the failed ones matter; they are drawn in their order all the same.
  const weight = ({ fromMs, toMs, failed }: StoryPart): number =>
    toMs - fromMs + (failed ? Number.MAX_SAFE_INTEGER : 0);
  const shown = new Set(parts.toSorted((a, b) => weight(b) - weight(a)).slice(0, MOST_BARS));
  for (const part of parts.filter((one) => shown.has(one))) {
    const title = titleOf(part.section);
    sections.set(title, [...(sections.get(title) ?? []), part]);
  }
  return renderGantt(
    [...sections].map(([title, bars]) => ({
      title,
      bars: bars.map(({ name, failed, fromMs, toMs }) => ({ name, look: failed ? "crit, " : "done, ", fromMs, toMs })),
    })),
  );
}

/** Mermaid obeys most signs. */
function titleOf(section: string): string {
  return (
    section
      .replace(/[^\w ./()-]+/g, " ")
      .trim()
      .slice(0, LONGEST_TITLE)
      .trim() || "steps"
  );
}
