import type { CauseCode } from "../../../src/rollout/cause-codes.ts";
import type { Snapshot } from "../../../src/rollout/snapshot.ts";

/** A rollout that fails, with the texts and times of a real node. */
export interface Scene {
  readonly name: string;
  readonly code: CauseCode;
  /** Whether it is certain, only feared, or said of what is ready. */
  readonly state: "failed" | "progressing" | "ready";
  readonly says: string | RegExp;
  readonly snapshot: Snapshot;
}
