import type { KubeObject } from "../kubernetes/kube-object.ts";
import { type Pod, readPod } from "./pod.ts";
import { countOf, textOf, textsOf, timeOf } from "./read-field.ts";
import { kindOf, type Seen } from "./seen.ts";
import { compareTexts } from "./seen-event.ts";

const REVISION = "deployment.kubernetes.io/revision";
const HASH = "controller-revision-hash";

/**
 * The pods that a workload now wants: of a Deployment's newest ReplicaSet, of the newest revision of a StatefulSet or
 * DaemonSet, of a ReplicaSet or Job all. Without those that are being deleted, and those that an eviction has ended.
 */
export function listNewestPods(workload: KubeObject, seen: Seen): readonly Pod[] {
  return listOwnPods(workload, seen).filter(({ terminating, phase }) => !terminating && phase !== "Failed");
}

/** The newest ReplicaSet of a Deployment; undefined while it is not there yet. */
export function findNewestReplicaSet(deployment: KubeObject, seen: Seen): KubeObject | undefined {
  const sets = seen.ownedBy(deployment).filter((owned) => kindOf(owned) === "apps/ReplicaSet");
  const wanted = textsOf(deployment, "metadata", "annotations")[REVISION];
  // Watches are not in step with each other: the Deployment may tell of a ReplicaSet that was not seen yet.
  if (wanted !== undefined) return sets.find((set) => textsOf(set, "metadata", "annotations")[REVISION] === wanted);
  return sets.toSorted(compareAge).at(-1);
}

/** Pods of a StatefulSet that are of an older revision than the newest. */
export function listOlderPods(workload: KubeObject, seen: Seen): readonly Pod[] {
  const newest = newestHash(workload, seen);
  if (newest === "") return [];
  return listPods(workload, seen).filter(({ object }) => textsOf(object, "metadata", "labels")[HASH] !== newest);
}

function listOwnPods(workload: KubeObject, seen: Seen): readonly Pod[] {
  switch (kindOf(workload)) {
    case "apps/Deployment": {
      const set = findNewestReplicaSet(workload, seen);
      return set === undefined ? [] : listPods(set, seen);
    }
    case "apps/StatefulSet":
    case "apps/DaemonSet": {
      const newest = newestHash(workload, seen);
      const pods = listPods(workload, seen);
      return newest === "" ? pods : pods.filter(({ object }) => textsOf(object, "metadata", "labels")[HASH] === newest);
    }
    default:
      return listPods(workload, seen);
  }
}

/** All pods of what makes them directly, such as a ReplicaSet. */
export function listPods(owner: KubeObject, seen: Seen): readonly Pod[] {
  return seen
    .ownedBy(owner)
    .filter((owned) => kindOf(owned) === "Pod")
    .map(readPod);
}

/** Empty when it cannot be told. */
function newestHash(workload: KubeObject, seen: Seen): string {
  const update = textOf(workload, "status", "updateRevision");
  if (update !== "") return update;
  const revisions = seen.ownedBy(workload).filter((owned) => kindOf(owned) === "apps/ControllerRevision");
  const newest = revisions.toSorted((a, b) => (countOf(a, "revision") ?? 0) - (countOf(b, "revision") ?? 0)).at(-1);
  return newest === undefined ? "" : (textsOf(newest, "metadata", "labels")[HASH] ?? "");
}

function compareAge(a: KubeObject, b: KubeObject): number {
  return (
    (timeOf(a, "metadata", "creationTimestamp") ?? 0) - (timeOf(b, "metadata", "creationTimestamp") ?? 0) ||
    compareTexts(a.metadata.name, b.metadata.name)
  );
}
