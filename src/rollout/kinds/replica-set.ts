import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { isObserved } from "../condition.ts";
import { countOf } from "../read-field.ts";
import type { Look } from "../signs/sign.ts";
import { type Finding, unready } from "./finding.ts";
import { judgeSteady, listPodSigns } from "./pods.ts";

/** Of a ReplicaSet or ReplicationController: ready when as many pods are available as it asks for. */
export function judgeReplicaSet(set: KubeObject, look: Look): Finding {
  const wanted = countOf(set, "spec", "replicas") ?? 1;
  if (!isObserved(set)) return unready("waiting for the controller", []);
  const count = countOf(set, "status", "availableReplicas") ?? 0;
  const told = wanted === 0 ? "0 replicas, as asked" : `${Math.min(count, wanted)} of ${wanted} ready`;
  const exact = (countOf(set, "status", "replicas") ?? 0) === wanted;
  if (count >= wanted && exact) return judgeSteady(set, told, look);
  return unready(told, listPodSigns(set, set, look));
}
