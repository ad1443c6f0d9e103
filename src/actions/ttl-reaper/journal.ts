import type { Outcome } from "./outcome.ts";
import type { Plan } from "./plan.ts";

/** What the reaper writes down while it works. The report of a run is these events and nothing else. */
export type JournalEvent =
  | { readonly type: "plan"; readonly plan: Plan }
  | { readonly type: "outcome"; readonly id: string; readonly at: Date; readonly outcome: Outcome }
  | { readonly type: "end"; readonly at: Date; readonly because: string };

/** How one group fared: its latest outcome, and when ARM was asked. */
export interface Record {
  readonly outcome: Outcome;
  readonly askedAt: Date | undefined;
  readonly at: Date;
}

/** A run as far as it got. */
export interface Story {
  readonly plan: Plan | undefined;
  /** By group id in lower case. */
  readonly records: ReadonlyMap<string, Record>;
  /** Why and when the run ended; undefined when it was killed. */
  readonly end: { readonly at: Date; readonly because: string } | undefined;
}

/** Tells the story of a run from its events, in order. */
export function foldJournal(events: Iterable<JournalEvent>): Story {
  let plan: Plan | undefined;
  let end: Story["end"];
  const records = new Map<string, Record>();
  for (const event of events) {
    if (event.type === "plan") plan = event.plan;
    if (event.type === "end") end = { at: event.at, because: event.because };
    if (event.type !== "outcome") continue;
    const key = event.id.toLowerCase();
    const before = records.get(key);
    const asked = event.outcome.kind === "asked" ? event.at : before?.askedAt;
    records.set(key, { outcome: event.outcome, askedAt: asked, at: event.at });
  }
  return { plan, records, end };
}

/** One line of JSON for an event. */
export function renderEvent(event: JournalEvent): string {
  return `${JSON.stringify(event)}\n`;
}

const DATES: ReadonlySet<string> = new Set(["at", "now", "expiresAt"]);

/** The events of a journal; a last line that was cut off by a kill is left out. */
export function parseJournal(text: string): readonly JournalEvent[] {
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  return whole
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line, revive) as JournalEvent);
}

function revive(key: string, value: unknown): unknown {
  return DATES.has(key) && typeof value === "string" ? new Date(value) : value;
}
