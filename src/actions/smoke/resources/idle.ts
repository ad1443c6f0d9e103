import type { KubeObject, ObjectKind } from "../../../kubernetes/kube-object.ts";
import { countOf, fieldOf, textOf, textsOf } from "../../../rollout/read-field.ts";
import { kindOf } from "../../../rollout/seen.ts";
import { readScaled } from "../reached-pods.ts";
import type { Scope } from "../scope.ts";
import { listOptional } from "./list-optional.ts";

const SCALED: ReadonlySet<string> = new Set(["apps/Deployment", "apps/StatefulSet", "apps/ReplicaSet"]);
const SCALED_OBJECT: ObjectKind = { apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject" };
const AUTOSCALER: ObjectKind = { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" };

/**
 * Why a workload that runs nothing does not count as rolled out; undefined for one that runs, and for one that is idle
 * until an autoscaler needs it. `replicas: 0` that somebody has forgotten is Available, and has no pod that could fail.
 */
export async function findIdle(
  objects: readonly KubeObject[],
  scope: Scope,
): Promise<(object: KubeObject) => string | undefined> {
  const empty = objects.filter((object) => SCALED.has(kindOf(object)) && countOf(object, "spec", "replicas") === 0);
  const namespaces = [...new Set(empty.map(({ metadata }) => metadata.namespace))];
  const scalers = await Promise.all(
    namespaces.flatMap((each) => [SCALED_OBJECT, AUTOSCALER].map((kind) => listOptional(scope, kind, each))),
  );
  const idle = scalers.flat().filter(mayScaleToZero);
  return (object) => {
    if (kindOf(object) === "apps/DaemonSet" && countOf(object, "status", "desiredNumberScheduled") === 0) {
      return "no node is meant for it, so it runs nowhere";
    }
    if (!empty.includes(object) || idle.some((scaler) => scales(scaler, object))) return undefined;
    return "0 replicas are asked for, and neither KEDA nor an autoscaler that may go to 0 has it";
  };
}

function mayScaleToZero(scaler: KubeObject): boolean {
  if (scaler.kind !== "ScaledObject") return countOf(scaler, "spec", "minReplicas") === 0;
  const least = countOf(scaler, "spec", "idleReplicaCount") ?? countOf(scaler, "spec", "minReplicaCount") ?? 0;
  return least === 0 || textsOf(scaler, "metadata", "annotations")["autoscaling.keda.sh/paused-replicas"] === "0";
}

function scales(scaler: KubeObject, { kind, metadata }: KubeObject): boolean {
  if (scaler.metadata.namespace !== metadata.namespace) return false;
  const target =
    scaler.kind === "ScaledObject"
      ? readScaled(scaler)
      : {
          kind: textOf(fieldOf(scaler, "spec", "scaleTargetRef"), "kind"),
          name: textOf(fieldOf(scaler, "spec", "scaleTargetRef"), "name"),
        };
  return target.kind === kind && target.name === metadata.name;
}
