import type { CauseCode } from "../cause-codes.ts";
import { findCondition } from "../condition.ts";
import type { Pod } from "../pod.ts";
import { refOf } from "../seen.ts";
import { findClaimTrouble } from "./claim.ts";
import { roomMayCome } from "./room.ts";
import { isOverdue, type Look, makeSign, type Sign } from "./sign.ts";

interface Row {
  readonly words: RegExp;
  readonly cause: CauseCode;
  readonly says: (words: RegExpExecArray) => string;
  readonly fix: string;
}

/** What keeps a pod from all nodes stands before what keeps it from some: a taint of the system pool is normal. */
const ROWS: readonly Row[] = [
  {
    words:
      /persistentvolumeclaim "([^"]*)" not found|unbound immediate PersistentVolumeClaims|volume node affinity conflict|exceed max volume count|persistentvolumeclaim "([^"]*)" (?:is being deleted|bound to non-existent)/i,
    cause: "unschedulable/volume",
    says: ([, missing]) =>
      missing === undefined ? "waits for its volume" : `wants the claim ${missing}, which is not there`,
    fix: "add the PersistentVolumeClaim to the chart, or name a StorageClass that the cluster has: kubectl get storageclass",
  },
  {
    words: /Insufficient ([\w./-]+?)(?=[.,;\s]|$)|(Too many pods)/,
    cause: "unschedulable/resources",
    says: ([, what]) =>
      what === undefined ? "finds no node that takes another pod" : `finds no node with enough ${what}`,
    fix: "lower resources.requests or replicas in the chart's values, or give the pool more or larger nodes (az aks nodepool scale)",
  },
  {
    words:
      /didn't match Pod's node (?:affinity|selector)|node affinity|didn't match pod (?:anti-)?affinity|topology spread/i,
    cause: "unschedulable/affinity",
    says: () => "finds no node that its nodeSelector or affinity allows",
    fix: "correct nodeSelector, affinity or topologySpreadConstraints in the chart's values; labels of the nodes: kubectl get nodes --show-labels",
  },
  {
    words: /untolerated taint(?:\(s\))?(?: \{([^}]*)\})?/i,
    cause: "unschedulable/taint",
    says: ([, taint = ""]) =>
      `finds only nodes with a taint that it does not tolerate${taint === "" ? "" : ` (${taint.replace(/:\s*$/, "")})`}`,
    fix: "add a toleration in the chart's values, or wait until the nodes are ready: kubectl get nodes",
  },
  {
    words: /no nodes available|0\/0 nodes/i,
    cause: "unschedulable/resources",
    says: () => "finds no node at all",
    fix: "start the cluster, or give its pool a node: az aks nodepool scale",
  },
];

/**
 * A pod that no node takes. It is borne with for a while, since nodes come and go: longer when the autoscaler brings
 * one, not at all when it has said that it will not.
 */
export function readSchedulingSign(pod: Pod, look: Look): Sign | undefined {
  const condition = findCondition(pod.object, "PodScheduled");
  if (pod.scheduled || condition?.status !== "False" || condition.reason !== "Unschedulable") return undefined;
  const { seen, patience } = look;
  const events = seen.eventsOf(pod.object);
  const scaling = events.findLast(({ reason }) => /^(?:TriggeredScaleUp|NotTriggerScaleUp|Nominated)$/.test(reason));
  const refused = scaling?.reason === "NotTriggerScaleUp";
  const limitMs = scaling !== undefined && !refused ? patience.scaleUpMs : patience.unschedulableMs;
  const said = condition.message || (events.findLast(({ reason }) => reason === "FailedScheduling")?.message ?? "");
  const { cause: causeCode, says, fix } = explainScheduling(said);
  const claim = causeCode === "unschedulable/volume" ? findClaimTrouble(pod, look) : undefined;
  if (claim !== undefined) return { ...claim, says: `${pod.name} waits for its volume: ${claim.says}` };
  const hopeless = refused && !roomMayCome(pod.namespace, look);
  const added = refused ? "; the autoscaler adds none" : scaling === undefined ? "" : "; a node is on its way";
  return makeSign(causeCode, {
    fatal: hopeless || isOverdue(condition.since ?? pod.createdAt, limitMs, seen),
    where: refOf(pod.object),
    says: `${pod.name} ${says}${added}`,
    fix: `${fix}${refused ? "; the pool's limit: az aks nodepool show --query maxCount" : ""}`,
    said: [said, refused ? scaling.message : ""].filter((text) => text !== "").join("\n"),
    fault: `${pod.namespace} ${said}`,
  });
}

function explainScheduling(said: string): { readonly cause: CauseCode; readonly says: string; readonly fix: string } {
  for (const { words, cause, says, fix } of ROWS) {
    const found = words.exec(said);
    if (found !== null) return { cause, says: says(found), fix };
  }
  const [reason = "the scheduler does not say why"] = said.split("\n");
  return {
    cause: "unschedulable/other",
    says: `is not taken by any node: ${reason}`,
    fix: "see what the scheduler says of each node, and correct the pod's template",
  };
}
