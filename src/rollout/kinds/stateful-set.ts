import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { shellQuote } from "../../paste/quote.ts";
import { isObserved } from "../condition.ts";
import { listOlderPods } from "../newest-pods.ts";
import { countOf, textOf } from "../read-field.ts";
import { refOf } from "../seen.ts";
import { explainPod } from "../signs/explain-pod.ts";
import { isOverdue, type Look, makeSign, type Sign } from "../signs/sign.ts";
import { type Finding, unready } from "./finding.ts";
import { judgeSteady, listPodSigns } from "./pods.ts";

/** Ready when all replicas are, and as many as its partition asks for are of the newest revision. */
export function judgeStatefulSet(set: KubeObject, look: Look): Finding {
  const wanted = countOf(set, "spec", "replicas") ?? 1;
  if (!isObserved(set)) return unready("waiting for the controller", []);
  const byHand = textOf(set, "spec", "updateStrategy", "type") === "OnDelete";
  const partition = countOf(set, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
  const toUpdate = byHand ? 0 : Math.max(0, wanted - partition);
  const count = (name: string): number => countOf(set, "status", name) ?? 0;
  const settled = textOf(set, "status", "currentRevision") === textOf(set, "status", "updateRevision");
  // Once all are updated, the controller counts them as current and no longer as updated.
  const updated = settled ? count("replicas") : count("updatedReplicas");
  const ready = Math.min(count("readyReplicas"), count("availableReplicas"), wanted);
  const told = wanted === 0 ? "0 replicas, as asked" : `${ready} of ${wanted} ready`;
  if (ready >= wanted && updated >= toUpdate && count("replicas") === wanted) return judgeSteady(set, told, look);
  const now = ready >= wanted ? `${Math.min(updated, toUpdate)} of ${toUpdate} updated` : told;
  return unready(now, [...listPodSigns(set, set, look), ...(byHand ? [] : listBlockers(set, look))]);
}

/**
 * A StatefulSet waits for a broken pod of the revision before, and never replaces it by itself:
 * https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
 */
function listBlockers(set: KubeObject, look: Look): readonly Sign[] {
  if (textOf(set, "spec", "podManagementPolicy") === "Parallel") return [];
  return listOlderPods(set, look.seen).flatMap((pod) => {
    if (pod.ready || pod.terminating) return [];
    const why = explainPod(pod, look);
    return [
      makeSign("rollout/old-pod-blocks", {
        fatal: isOverdue(look.seen.startedAt, look.patience.silenceMs, look.seen),
        where: refOf(pod.object),
        says: `${pod.name} is of the revision before, not ready, and not replaced before it is${why === undefined ? "" : ` (${why.says})`}`,
        fix: `delete it, so that it comes back as the new revision: kubectl -n ${shellQuote(pod.namespace)} delete pod ${shellQuote(pod.name)}`,
        said: why?.said ?? "",
        logs: why?.logs ?? [],
      }),
    ];
  });
}
