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

/** A part of Azure that acts change, and that a table in the end is about. */
export interface Part {
  /** What the table's first column is called. */
  readonly title: string;
  /** What one of its things is called, for counts. */
  readonly noun: string;
}

/** Something that stood in a part of Azure before an act, after it, or both. */
export interface Inventory {
  readonly name: string;
  /** What there is to say of it, in a few words, with ` · ` between. */
  readonly note: string;
  /** It only holds what comes below it, and is not counted. */
  readonly holder?: true;
}

/** What an act leaves to show and to judge. */
export interface Scene {
  readonly run: RunRecord;
  /** What `before` and `after` are about. */
  readonly part: Part;
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

/** An act that ran, with what it left; or one that could not, since it lacks a tool or broke off. */
export interface Played {
  readonly act: Act;
  readonly scene?: Scene;
  /** Why it broke off: a fault of the demo or of this machine, not of the story. */
  readonly broke?: string;
}
