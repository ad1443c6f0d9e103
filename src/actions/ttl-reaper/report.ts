import { countStory } from "./counts.ts";
import type { Story } from "./journal.ts";

/** The JSON report: the plan as it was, and what became of each group. Dates are RFC 3339. */
export function renderReport(story: Story): string {
  const groups = (story.plan?.entries ?? []).map((entry) => {
    const record = story.records.get(entry.id.toLowerCase());
    return {
      ...entry,
      ...(record === undefined ? {} : { askedAt: record.askedAt, at: record.at, outcome: record.outcome }),
    };
  });
  const { entries: _, ...plan } = story.plan ?? { entries: [] };
  const windows = [...story.records.values()].flatMap(({ windowMs }) => (windowMs === undefined ? [] : [windowMs]));
  const report = {
    schema: "mayfly/reaper-report/v1",
    complete: story.end !== undefined,
    end: story.end,
    counts: countStory(story),
    longestWindowMs: windows.length === 0 ? undefined : Math.max(...windows),
    plan,
    groups,
  };
  return `${JSON.stringify(report)}\n`;
}
