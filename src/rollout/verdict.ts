import type { ObjectRef } from "../kubernetes/kube-object.ts";
import type { Cause } from "./cause.ts";

/**
 * What a rollout has come to at a moment. `doubts` of what is ready are said loudly and stop nothing; `doubts` of what
 * is not are the best that is known so far: when the time is up, they are the causes.
 */
export type Verdict =
  | {
      readonly state: "ready";
      readonly parts: readonly Part[];
      readonly doubts: readonly Cause[];
      /** Until when to look on: a container without a readiness probe counts as ready before it could crash. */
      readonly settleUntil: Date | undefined;
    }
  | { readonly state: "progressing"; readonly parts: readonly Part[]; readonly doubts: readonly Cause[] }
  | { readonly state: "failed"; readonly parts: readonly Part[]; readonly causes: readonly Cause[] };

/** One object that was rolled out. */
export interface Part {
  readonly ref: ObjectRef;
  readonly state: "ready" | "progressing" | "failed";
  /** Such as `2 of 3 ready`, `1 of 2 ready: no node has room`. */
  readonly told: string;
}

/** How long a sign that may pass by itself is borne with, in milliseconds. */
export interface Patience {
  readonly unschedulableMs: number;
  /** Instead of `unschedulableMs`, while the autoscaler brings a node. */
  readonly scaleUpMs: number;
  readonly mountMs: number;
  /** A registry that refuses a node: a new role assignment takes minutes to reach it. 0 where it is not new. */
  readonly deniedMs: number;
  /** How often a container may have been started again before it counts as crashing. */
  readonly restarts: number;
  /** How long a readiness probe may fail beyond the time that the probe itself allows for. */
  readonly unreadyMs: number;
  /** How long a container without a readiness probe is looked at before it counts as ready. */
  readonly settleMs: number;
  readonly silenceMs: number;
}
