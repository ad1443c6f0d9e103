import type { KubeObject, ObjectRef } from "../kubernetes/kube-object.ts";

/** What is known of a namespace at a moment, and what in it counts. */
export interface Snapshot {
  /** The moment, by the machine's clock. */
  readonly at: Date;
  /** When the rollout began: events before it are of an earlier one. */
  readonly startedAt: Date;
  /** What was rolled out: the workloads, hooks and other objects of the release. */
  readonly wanted: readonly Wanted[];
  /** All that was seen: workloads, ReplicaSets, ControllerRevisions, pods, events, jobs, claims, nodes as far as they may be read. */
  readonly objects: readonly KubeObject[];
}

/** An object of the release that has to become ready. */
export interface Wanted extends ObjectRef {
  /** A hook counts only until it has run, and its failure is the release's. */
  readonly hook: boolean;
}
