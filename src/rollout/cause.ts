import type { ObjectRef } from "../kubernetes/kube-object.ts";
import type { CauseCode } from "./cause-codes.ts";

/** Why something that was rolled out will not become ready. */
export interface Cause {
  readonly code: CauseCode;
  /** What was rolled out: `Deployment/api`. */
  readonly subject: ObjectRef;
  /** What else of the release the same keeps from being ready. */
  readonly also: readonly ObjectRef[];
  /** Where it shows: a pod, a ReplicaSet, a claim; the subject itself when there is nothing below it. */
  readonly where: ObjectRef;
  readonly container: string | undefined;
  /** One line for people: `Deployment/api: container api of api-7c9-x2 cannot pull app:typo: no such tag`. */
  readonly sentence: string;
  /** What mends it, a command or a line where there is one. */
  readonly fix: string;
  /** What Kubernetes itself said, unchanged but for names and tokens of users; empty when it said nothing. */
  readonly said: string;
  /** Whose log explains it, best first. */
  readonly logs: readonly LogRef[];
}

/** A container's log. */
export interface LogRef {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Of the run before this one. */
  readonly previous: boolean;
}
