import type { KubeObject, ObjectKind } from "../../kubernetes/kube-object.ts";
import type { SmokeCluster, SmokeWorld } from "./world.ts";

/** What the checks of one test share. */
export interface Scope {
  readonly world: SmokeWorld;
  /** Of the test. */
  readonly namespace: string;
  /** The release that the action was told of. */
  readonly release: string | undefined;
  /** When the smoke test began. */
  readonly startedAt: Date;
  /** Milliseconds since then, by a clock that never jumps. */
  elapsed(): number;
  /** @throws UserError `smoke-needs-cluster` when the job has none */
  readonly cluster: SmokeCluster;
  readonly watches: Watches;
  readonly memory: Memory;
  /** Whole milliseconds that the check may still take: timers of Node refuse parts of them. */
  left(): number;
  /** Aborts when the check's time is up, or the job is cancelled. */
  readonly until: AbortSignal;
}

/** Objects of the cluster by one watch for each kind and namespace, whoever asks. */
export interface Watches {
  /**
   * All objects of a kind, as they now stand; waits until all that is there has been seen. Whoever has asked is woken by
   * the next change of the kind.
   *
   * @param namespace undefined for what belongs to no namespace
   * @throws UserError `kind-unknown` while the cluster does not know the kind: the check is looked at again, until its
   *   time is up; KubeRefusal 403 where listing is forbidden
   */
  list(kind: ObjectKind, namespace: string | undefined): Promise<readonly KubeObject[]>;
  /** All changes since the watch began, in order. */
  changes(kind: ObjectKind, namespace: string | undefined): Promise<readonly SeenChange[]>;
}

export interface SeenChange {
  readonly type: "added" | "modified" | "deleted";
  readonly object: KubeObject;
  /** Milliseconds since the smoke test began at which it was heard of; 0 or less for what was there before. */
  readonly atMs: number;
}

/** What checks of a test tell each other. */
export interface Memory {
  /** When a message was published last, in milliseconds since the smoke test began. */
  publishedAtMs: number | undefined;
  /** What is held by name until the test ends, such as subscriptions and connections. */
  readonly held: Map<string, Held>;
}

export interface Held {
  end(): Promise<void>;
}
