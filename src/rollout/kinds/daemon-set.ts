import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { isObserved } from "../condition.ts";
import { countOf, textOf } from "../read-field.ts";
import { refOf } from "../seen.ts";
import { type Look, makeSign } from "../signs/sign.ts";
import { type Finding, ready, unready } from "./finding.ts";
import { judgeSteady, listPodSigns } from "./pods.ts";

/** Ready when every node that it is meant for has an available pod of the newest revision. */
export function judgeDaemonSet(set: KubeObject, look: Look): Finding {
  const desired = countOf(set, "status", "desiredNumberScheduled");
  if (!isObserved(set) || desired === undefined) return unready("waiting for the controller", []);
  if (desired === 0) return ready("no node is meant", { sign: sayNoNode(set) });
  const byHand = textOf(set, "spec", "updateStrategy", "type") === "OnDelete";
  const count = (name: string): number => countOf(set, "status", name) ?? 0;
  const updated = byHand ? desired : count("updatedNumberScheduled");
  const available = Math.min(count("numberAvailable"), desired);
  const told = `${available} of ${desired} nodes ready`;
  if (updated >= desired && available >= desired) return judgeSteady(set, told, look);
  const now = available >= desired ? `${updated} of ${desired} nodes updated` : told;
  return unready(now, listPodSigns(set, set, look));
}

function sayNoNode(set: KubeObject) {
  return makeSign("nothing/matched", {
    fatal: false,
    where: refOf(set),
    says: "no node matches it, so it runs nowhere",
    fix: "correct nodeSelector or affinity in the chart's values, if it is meant to run: kubectl get nodes --show-labels",
  });
}
