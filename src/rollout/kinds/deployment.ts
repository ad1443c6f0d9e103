import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { shellQuote } from "../../paste/quote.ts";
import { findCondition, isObserved } from "../condition.ts";
import { findNewestReplicaSet } from "../newest-pods.ts";
import { countOf, fieldOf } from "../read-field.ts";
import { refOf } from "../seen.ts";
import { isOverdue, type Look, makeSign, type Sign } from "../signs/sign.ts";
import { readTakenBack } from "./autoscaler.ts";
import { chooseSign, type Finding, unready } from "./finding.ts";
import { judgeSteady, listPodSigns } from "./pods.ts";

/** Ready when all replicas are of the newest template and available, and none of an older one is left. */
export function judgeDeployment(deployment: KubeObject, look: Look): Finding {
  const wanted = countOf(deployment, "spec", "replicas") ?? 1;
  if (!isObserved(deployment)) return unready("waiting for the controller", []);
  const count = (name: string): number => countOf(deployment, "status", name) ?? 0;
  const updated = count("updatedReplicas");
  const older = count("replicas") - updated;
  const available = count("availableReplicas");
  const set = findNewestReplicaSet(deployment, look.seen);
  // The Deployment counts the pods of before, too.
  const ready = set === undefined ? available : (countOf(set, "status", "availableReplicas") ?? 0);
  const told = wanted === 0 ? "0 replicas, as asked" : `${Math.min(ready, wanted)} of ${wanted} ready`;
  if (updated >= wanted && older <= 0 && available >= wanted) {
    const finding = judgeSteady(deployment, told, look);
    return finding.sign === undefined ? { ...finding, sign: readTakenBack(deployment, look) } : finding;
  }
  // Where ReplicaSets are not seen, the Deployment repeats what they say.
  const signs = listPodSigns(deployment, set, look);
  const now =
    fieldOf(deployment, "spec", "paused") === true
      ? `${told}, paused`
      : older > 0
        ? `${told}, ${older} of before still there`
        : told;
  return unready(now, readDeadline(deployment, signs, look));
}

/** When the deadline is over, the best that is known is the cause. */
function readDeadline(
  deployment: KubeObject,
  signs: readonly (Sign | undefined)[],
  { seen, patience }: Look,
): readonly (Sign | undefined)[] {
  const progress = findCondition(deployment, "Progressing");
  const over = progress?.status === "False" && progress.reason === "ProgressDeadlineExceeded";
  // One of an earlier rollout may pass with what this one has brought.
  if (!over || !(seen.isFresh(progress.since) || isOverdue(seen.startedAt, patience.silenceMs, seen))) return signs;
  const best = chooseSign(signs);
  if (best !== undefined && best.code !== "never-ready/silent") return [{ ...best, fatal: true }];
  const { name, namespace = "" } = deployment.metadata;
  const seconds = countOf(deployment, "spec", "progressDeadlineSeconds") ?? 600;
  return [
    makeSign("rollout/progress-deadline", {
      fatal: true,
      where: best?.where ?? refOf(deployment),
      says: `it did not get further within ${seconds} s (progressDeadlineSeconds)${best === undefined ? "" : `: ${best.says}`}`,
      fix: `see what its pods wait for: kubectl -n ${shellQuote(namespace)} describe deployment ${shellQuote(name)}`,
      said: progress.message,
      logs: best?.logs ?? [],
    }),
  ];
}
