import type { ObjectRef } from "../kubernetes/kube-object.ts";
import type { Cause } from "./cause.ts";

/** What a rollout has come to at a moment. */
export type Verdict =
  | { readonly state: "ready"; readonly parts: readonly Part[] }
  | { readonly state: "progressing"; readonly parts: readonly Part[]; readonly doubts: readonly Cause[] }
  | { readonly state: "failed"; readonly parts: readonly Part[]; readonly causes: readonly Cause[] };

/** One object that was rolled out. */
export interface Part {
  readonly ref: ObjectRef;
  readonly state: "ready" | "progressing" | "failed";
  /** Such as `2 of 3 ready`, `waiting for the scheduler`. */
  readonly told: string;
}

/** How long a sign that may pass by itself is borne with, in milliseconds. */
export interface Patience {
  readonly unschedulableMs: number;
  readonly mountMs: number;
  /** How often a container may have been started again before it counts as crashing. */
  readonly restarts: number;
  readonly silenceMs: number;
}
