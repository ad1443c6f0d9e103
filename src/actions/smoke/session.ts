import type { SmokeTest } from "../../smoke/smoke-test.ts";
import type { Checkers } from "./checkers.ts";
import type { Memory } from "./scope.ts";
import type { Teller } from "./teller.ts";
import type { WatchHub } from "./watches.ts";
import type { SmokeWorld } from "./world.ts";

/** What all tests of a run have in common. */
export interface Run {
  readonly world: SmokeWorld;
  readonly hub: WatchHub;
  readonly checkers: Checkers;
  readonly release: string | undefined;
  readonly startedAt: Date;
  /** Milliseconds since then. */
  elapsed(): number;
  /** Aborts with a `Stop` when nothing more is to be tried, or when the job is cancelled. */
  readonly over: AbortSignal;
  /** Aborts some seconds later: by then `finally` is done. */
  readonly lasting: AbortSignal;
  /** Ends the other tests, too, where that is wanted. */
  fail(test: string): void;
}

/** A test that is being taken. */
export interface Session extends Run {
  readonly test: SmokeTest;
  readonly memory: Memory;
  /** Values that are known at run time: of Secrets, and captured by checks. */
  readonly values: Map<string, string>;
  readonly teller: Teller;
}

/** Why something is not tried, or not to its end. */
export interface Stop {
  /** Whether it has failed by that: a time that is up, or a cancel, leaves it open whether it holds. */
  readonly failed: boolean;
  /** `the smoke test's time (10m) was up`. */
  readonly because: string;
}

/** Why a signal of a run has aborted. */
export function readStop({ reason }: AbortSignal): Stop {
  const isStop = typeof reason === "object" && reason !== null && "because" in reason;
  return isStop ? (reason as Stop) : { failed: true, because: "the job was cancelled" };
}
