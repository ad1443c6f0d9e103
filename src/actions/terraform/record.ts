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
  /** Whether all is told and cleaned up: nothing is left for post but what belongs to the job. */
  readonly concluded: boolean;
}

/** Reads a record that was written as JSON, which knows no dates. */
export function parseRecord(text: string): RunRecord {
  const record = JSON.parse(text) as RunRecord;
  const { story } = record;
  const lock = story.lock && { ...story.lock, created: story.lock.created && new Date(story.lock.created) };
  const expiresAt = story.expiresAt && new Date(story.expiresAt);
  return { ...record, story: { ...story, now: new Date(story.now), expiresAt, lock } };
}
