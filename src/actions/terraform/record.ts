import type { Story } from "../../terraform/story.ts";

/** Where a run is, as plain data: what post needs to end it when main was killed. */
export interface RunRecord {
  readonly story: Story;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Absolute path of the root module. */
  readonly folder: string;
  /** Where terraform keeps what belongs to it; empty until it is chosen. */
  readonly dataFolder: string;
  /** The state's blob, once it is known: only azurerm has one. */
  readonly blob: { readonly account: string; readonly container: string; readonly name: string } | undefined;
  /** Whether the note of this run stands beside the state. */
  readonly noted: boolean;
  /** SHA-256 of an errored.tfstate that lay there before: it is of another run, perhaps of another environment. */
  readonly leftState?: string;
  /** Whether all is told. */
  readonly concluded: boolean;
  /** Whether the state was looked after, too: nothing is left for post but what belongs to the job. */
  readonly tidy?: boolean;
}

/**
 * A record as JSON. What people said in it is redacted; what post goes by is not, whatever secret it looks like: a path
 * with `***` in it would be found by nobody, and a number with stars is no JSON.
 */
export function renderRecord(record: RunRecord, redact: (text: string) => string): string {
  const { story } = record;
  const { diagnostics, notes, outputs, failure } = story;
  const told = {
    diagnostics: diagnostics.map((one) => ({ ...one, summary: redact(one.summary), detail: redact(one.detail) })),
    notes: notes.map(redact),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, redact(value)])),
    failure: failure && { ...failure, message: redact(failure.message) },
  };
  return JSON.stringify({ ...record, story: { ...story, ...told } });
}

/** Reads a record that was written as JSON, which knows no dates. */
export function parseRecord(text: string): RunRecord {
  const record = JSON.parse(text) as RunRecord;
  const { story } = record;
  const lock = story.lock && { ...story.lock, created: story.lock.created && new Date(story.lock.created) };
  const expiresAt = story.expiresAt && new Date(story.expiresAt);
  return { ...record, story: { ...story, now: new Date(story.now), expiresAt, lock } };
}
