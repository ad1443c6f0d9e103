import { fenced } from "../../kit/markdown.ts";
import type { Story } from "./journal.ts";
import { isFailure } from "./outcome.ts";
import type { Plan, PlanEntry } from "./plan.ts";

/** More bars than this in a section are no picture any more. */
const MOST_BARS = 10;
const HOUR_MS = 3_600_000;

/**
 * Sections in the order in which they are drawn, with the look of their bars. Titles have room for 13 characters. No
 * `active`: in GitHub's dark theme a name beside such a bar is dark on dark.
 */
const SECTIONS = {
  Deleted: "done, ",
  "Would go": "crit, ",
  "Not deleted": "crit, ",
  "Being deleted": "",
  "Left alone": "",
  Kept: "",
  Next: "",
} as const;
type Title = keyof typeof SECTIONS;

interface Bar {
  readonly title: Title;
  readonly name: string;
  readonly from: Date;
  readonly to: Date;
}

/**
 * A picture of the expiries around now: how long the expired groups were overdue and what became of them, and when the
 * next ones follow. Mermaid, which GitHub draws by itself in summaries; empty when there is nothing to show.
 */
export function renderTimeline(story: Story): string {
  const { plan } = story;
  if (plan === undefined) return "";
  const bars = plan.entries.flatMap((entry) => makeBar(entry, plan, story));
  const sections = (Object.keys(SECTIONS) as readonly Title[]).flatMap((title) => {
    const mine = bars.filter((bar) => bar.title === title);
    return mine.length === 0 ? [] : [renderSection(title, mine)];
  });
  if (sections.length === 0) return "";
  const head = ["gantt", "  dateFormat YYYY-MM-DDTHH:mm", "  axisFormat %d %b %H:%M", "  todayMarker off"];
  return fenced([...head, ...sections].join("\n"), "mermaid");
}

function makeBar(entry: PlanEntry, plan: Plan, story: Story): readonly Bar[] {
  const { fate, name } = entry;
  const { expiresAt } = fate;
  if (expiresAt === undefined) return [];
  if (expiresAt <= plan.now) return [{ title: sectionOf(entry, plan, story), name, from: expiresAt, to: plan.now }];
  if (fate.kind !== "keep" || fate.reason !== "not-yet") return [];
  return [{ title: "Next", name, from: plan.now, to: expiresAt }];
}

function sectionOf(entry: PlanEntry, plan: Plan, story: Story): Title {
  const outcome = story.records.get(entry.id.toLowerCase())?.outcome;
  if (outcome === undefined) {
    if (entry.fate.kind === "keep") return "Kept";
    if (entry.fate.kind === "deleting") return "Being deleted";
    return plan.dryRun ? "Would go" : "Left alone";
  }
  if (isFailure(outcome)) return "Not deleted";
  if (outcome.kind === "gone" || outcome.kind === "vanished") return "Deleted";
  return outcome.kind === "changed" || outcome.kind === "not-started" ? "Left alone" : "Being deleted";
}

function renderSection(title: Title, bars: readonly Bar[]): string {
  // The most overdue first, and the next to expire.
  const order = (bar: Bar): number => (title === "Next" ? bar.to : bar.from).getTime();
  const shown = bars.toSorted((a, b) => order(a) - order(b)).slice(0, MOST_BARS);
  const lines = shown.map(({ name, from, to }) => {
    // A bar without a length is not drawn.
    const end = new Date(Math.max(to.getTime(), from.getTime() + HOUR_MS / 4));
    return `    ${safeName(name)} :${SECTIONS[title]}${minute(from)}, ${minute(end)}`;
  });
  const left = bars.length - shown.length;
  return [`  section ${title}${left === 0 ? "" : ` ${shown.length}/${bars.length}`}`, ...lines].join("\n");
}

/** Colons, semicolons, hashes and commas mean something to mermaid; ARM allows none of them in a name, an emulator might. */
function safeName(name: string): string {
  return name.replace(/[^-\w.() ]/g, "_");
}

function minute(date: Date): string {
  return date.toISOString().slice(0, 16);
}
