import type { BarrierLists } from "../../azure/barriers.ts";
import type { DeleteAnswer, ResourceGroups } from "../../azure/resource-groups.ts";
import type { Log } from "../../kit/runner.ts";
import type { GroupFacts } from "../../ttl/facts.ts";
import type { JournalEvent } from "./journal.ts";

/** Where what has an end stands: resource groups, and namespaces in their shape. */
export interface Groups extends Omit<ResourceGroups, "delete"> {
  /** @param seen as the last look showed it; of a namespace the API server compares it with what is there */
  delete(
    subscriptionId: string,
    name: string,
    forceDeletionTypes: readonly string[],
    seen: GroupFacts,
  ): Promise<DeleteAnswer>;
}

/** What the reaper needs of the world. */
export interface World {
  readonly groups: Groups;
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
