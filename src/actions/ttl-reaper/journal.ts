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
  /** From the last look to the DELETE, in milliseconds. */
  readonly windowMs: number | undefined;
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
    const windowMs = (event.outcome.kind === "accepted" ? event.outcome.windowMs : undefined) ?? before?.windowMs;
    records.set(key, { outcome: event.outcome, askedAt: asked, windowMs, at: event.at });
  }
  return { plan, records, end };
}

/** One line of JSON for an event. */
export function renderEvent(event: JournalEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/** The events of a journal; a last line that was cut off by a kill is left out. */
export function parseJournal(text: string): readonly JournalEvent[] {
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  return whole
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => revive(JSON.parse(line) as JournalEvent));
}

/** Makes dates of the texts that were dates. By their places: a tag may be called `at` or `now`, too. */
function revive(event: JournalEvent): JournalEvent {
  if (event.type !== "plan") return { ...event, at: new Date(event.at) };
  const entries = event.plan.entries.map((entry) =>
    entry.fate.expiresAt === undefined
      ? entry
      : { ...entry, fate: { ...entry.fate, expiresAt: new Date(entry.fate.expiresAt) } },
  );
  return { ...event, plan: { ...event.plan, now: new Date(event.plan.now), entries } };
}
