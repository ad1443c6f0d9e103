import type { RecordedRequest } from "../../test/azure/traffic.ts";
import type { LogLine } from "../../test/runner/job.ts";
import type { RunRecord } from "./run-record.ts";

/** A program that an act needs besides Node. */
export interface Tool {
  readonly name: string;
  /** The command that brings it, as a person would type it. */
  readonly bring: string;
  isThere(): boolean;
}

/** Something that stood in Azure before an act, after it, or both. */
export interface Inventory {
  readonly name: string;
  /** What its tags and barriers say, in a few words, with ` · ` between. */
  readonly note: string;
}

/** What an act leaves to show and to judge. */
export interface Scene {
  readonly run: RunRecord;
  readonly before: readonly Inventory[];
  readonly after: readonly Inventory[];
  /** What reached the emulator during the act. */
  readonly requests: readonly RecordedRequest[];
  /** What did not come out as the act's story says; none when all did. */
  readonly faults: readonly string[];
}

/** One part of the demo. Acts run one after the other and share one emulated Azure. */
export interface Act {
  readonly name: string;
  /** What is to be seen, in a sentence or two. */
  readonly story: string;
  readonly needs: readonly Tool[];
  run(stage: Stage): Promise<Scene>;
}

/** Where an act tells what happens while it happens. */
export interface Stage {
  /** Announces a job, and gives what its lines go to. */
  watch(jobName: string): (line: LogLine) => void;
}
