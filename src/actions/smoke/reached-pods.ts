import type { KubeObject, ObjectKind } from "../../kubernetes/kube-object.ts";
import { findNewestReplicaSet, listPods } from "../../rollout/newest-pods.ts";
import { type Pod, readPod } from "../../rollout/pod.ts";
import { textOf, textsOf } from "../../rollout/read-field.ts";
import { kindOf, type Seen } from "../../rollout/seen.ts";

/** What has to be seen beside an object to find its pods. */
export const POD_MAKERS: readonly ObjectKind[] = [
  { apiVersion: "v1", kind: "Pod" },
  { apiVersion: "apps/v1", kind: "ReplicaSet" },
  { apiVersion: "batch/v1", kind: "Job" },
];

/** An owner of an owner: CronJob or ScaledJob, Job, Pod. */
const DEEPEST = 3;

/**
 * The pods behind an object: those that it owns, directly or not, of a Deployment only the newest; those that a Service
 * selects; those of what a ScaledObject scales.
 */
export function listReachedPods(object: KubeObject, seen: Seen, depth = 0): readonly Pod[] {
  switch (kindOf(object)) {
    case "Pod":
      return [readPod(object)];
    case "Service":
      return listSelected(object, seen);
    case "keda.sh/ScaledObject": {
      const target = findScaled(object, seen);
      return target === undefined || depth > 0 ? [] : listReachedPods(target, seen, depth + 1);
    }
    case "apps/Deployment": {
      const set = findNewestReplicaSet(object, seen);
      return set === undefined ? [] : listPods(set, seen);
    }
    default:
      if (depth >= DEEPEST) return [];
      return seen.ownedBy(object).flatMap((owned) => listReachedPods(owned, seen, depth + 1));
  }
}

/** What a ScaledObject scales: a Deployment where it does not say. https://keda.sh/docs/latest/reference/scaledobject-spec/#scaletargetref */
export function readScaled({ spec }: KubeObject): ObjectKind & { readonly name: string } {
  const apiVersion = textOf(spec, "scaleTargetRef", "apiVersion") || "apps/v1";
  const kind = textOf(spec, "scaleTargetRef", "kind") || "Deployment";
  return { apiVersion, kind, name: textOf(spec, "scaleTargetRef", "name") };
}

function findScaled(object: KubeObject, seen: Seen): KubeObject | undefined {
  return seen.find({ ...readScaled(object), namespace: object.metadata.namespace });
}

/** A Service without a selector has endpoints that somebody else writes. */
function listSelected(service: KubeObject, seen: Seen): readonly Pod[] {
  const wanted = Object.entries(textsOf(service, "spec", "selector"));
  if (wanted.length === 0) return [];
  const fits = ({ metadata }: KubeObject): boolean =>
    metadata.namespace === service.metadata.namespace &&
    wanted.every(([name, value]) => metadata.labels?.[name] === value);
  return seen.list("Pod").filter(fits).map(readPod);
}
