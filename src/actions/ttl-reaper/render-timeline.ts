import { fenced } from "../../kit/markdown.ts";
import type { Story } from "./journal.ts";
import type { PlanEntry } from "./plan.ts";

/** More bars than this are no picture any more. */
const MOST_BARS = 14;
const HOUR_MS = 3_600_000;

interface Bar {
  readonly name: string;
  readonly state: "" | "done, " | "crit, " | "active, ";
  readonly from: Date;
  readonly to: Date;
}

/**
 * A picture of the expiries around now: how long the expired groups were overdue, and when the next ones follow.
 * Mermaid, which GitHub draws by itself in summaries; empty when there is nothing to show.
 */
export function renderTimeline(story: Story): string {
  const { plan } = story;
  if (plan === undefined) return "";
  const overdue: Bar[] = [];
  const coming: Bar[] = [];
  for (const entry of plan.entries) {
    const expiresAt = entry.fate.kind === "keep" ? (entry.fate.expiresAt ?? undefined) : entry.fate.expiresAt;
    if (expiresAt === undefined) continue;
    if (expiresAt <= plan.now)
      overdue.push({ name: entry.name, state: stateOf(entry, story), from: expiresAt, to: plan.now });
    else if (entry.fate.kind === "keep" && entry.fate.reason === "not-yet") {
      coming.push({ name: entry.name, state: "", from: plan.now, to: expiresAt });
    }
  }
  const sections = [
    renderSection(
      "Expired",
      overdue.sort((a, b) => a.from.getTime() - b.from.getTime()),
    ),
    renderSection(
      "Next",
      coming.sort((a, b) => a.to.getTime() - b.to.getTime()),
    ),
  ].filter((section) => section !== "");
  if (sections.length === 0) return "";
  const head = ["gantt", "  dateFormat YYYY-MM-DDTHH:mm", "  axisFormat %d %b %H:%M", "  todayMarker off"];
  return fenced([...head, ...sections].join("\n"), "mermaid");
}

function renderSection(title: string, bars: readonly Bar[]): string {
  if (bars.length === 0) return "";
  const lines = bars.slice(0, MOST_BARS).map((bar) => {
    // A bar without a length is not drawn.
    const to = new Date(Math.max(bar.to.getTime(), bar.from.getTime() + HOUR_MS / 4));
    return `    ${safeName(bar.name)} :${bar.state}${minute(bar.from)}, ${minute(to)}`;
  });
  return [`  section ${title}`, ...lines].join("\n");
}

function stateOf(entry: PlanEntry, story: Story): Bar["state"] {
  const outcome = story.records.get(entry.id.toLowerCase())?.outcome.kind;
  if (outcome === "gone" || outcome === "vanished") return "done, ";
  return entry.fate.kind === "keep" ? "active, " : "crit, ";
}

/** Colons, semicolons, hashes and commas mean something to mermaid; ARM allows none of them in a name, an emulator might. */
function safeName(name: string): string {
  return name.replace(/[^-\w.() ]/g, "_");
}

function minute(date: Date): string {
  return date.toISOString().slice(0, 16);
}
