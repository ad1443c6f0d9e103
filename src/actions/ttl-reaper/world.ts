import type { BarrierLists } from "../../azure/barriers.ts";
import type { ResourceGroups } from "../../azure/resource-groups.ts";
import type { Log } from "../../kit/runner.ts";
import type { JournalEvent } from "./journal.ts";

/** What the reaper needs of the world. */
export interface World {
  readonly groups: ResourceGroups;
  readonly barriers: BarrierLists;
  /** How far ARM's clock is ahead of ours in milliseconds; undefined before ARM's first answer. */
  armSkewMs(): number | undefined;
  now(): Date;
  /** Milliseconds of a clock that never jumps. */
  monotonic(): number;
  /** Returns early when the job is cancelled. */
  sleep(milliseconds: number): Promise<void>;
  readonly cancelled: AbortSignal;
  readonly log: Pick<Log, "info" | "notice" | "warning" | "error" | "group">;
  /** Writes down what happened before anything else can: a killed run is told from these. */
  record(event: JournalEvent): void;
  summarize(markdown: string): Promise<void>;
  /** Writes the JSON report and returns its path. */
  writeReport(json: string): Promise<string>;
  /** From here on the report is out, and post has nothing to add. */
  markReported(): void;
}
