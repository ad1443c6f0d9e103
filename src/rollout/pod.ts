import type { KubeObject } from "../kubernetes/kube-object.ts";
import { findCondition } from "./condition.ts";
import { type Container, listContainers } from "./container.ts";
import { listOf, textOf, timeOf } from "./read-field.ts";
import { remember } from "./remember.ts";

/** A pod, as far as a rollout hangs on it. */
export interface Pod {
  readonly object: KubeObject;
  readonly name: string;
  readonly namespace: string;
  /** `Pending`, `Running`, `Succeeded`, `Failed`. */
  readonly phase: string;
  /** Such as `Evicted`. */
  readonly reason: string;
  readonly message: string;
  readonly createdAt: number | undefined;
  readonly terminating: boolean;
  readonly scheduled: boolean;
  readonly ready: boolean;
  readonly containers: readonly Container[];
  /** The claims that it mounts. */
  readonly claims: readonly string[];
  /** Conditions that others have to set before it is ready, and have not. */
  readonly closedGates: readonly string[];
  readonly node: string;
  /** Whether a container that ended well is started again. */
  readonly runsForever: boolean;
}

/** Reads a pod. */
export const readPod = remember((object: KubeObject): Pod => {
  const { name, namespace = "", deletionTimestamp } = object.metadata;
  return {
    object,
    name,
    namespace,
    phase: textOf(object, "status", "phase"),
    reason: textOf(object, "status", "reason"),
    message: textOf(object, "status", "message"),
    createdAt: timeOf(object, "metadata", "creationTimestamp"),
    terminating: deletionTimestamp !== undefined,
    scheduled: textOf(object, "spec", "nodeName") !== "" || findCondition(object, "PodScheduled")?.status === "True",
    ready: findCondition(object, "Ready")?.status === "True",
    containers: listContainers(object),
    claims: listOf(object, "spec", "volumes")
      .map((volume) => textOf(volume, "persistentVolumeClaim", "claimName"))
      .filter((claim) => claim !== ""),
    closedGates: listOf(object, "spec", "readinessGates")
      .map((gate) => textOf(gate, "conditionType"))
      .filter((gate) => gate !== "" && findCondition(object, gate)?.status !== "True"),
    node: textOf(object, "spec", "nodeName"),
    runsForever: (textOf(object, "spec", "restartPolicy") || "Always") === "Always",
  };
});
