import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { fieldOf, listOf, textsOf } from "../read-field.ts";
import type { Look } from "../signs/sign.ts";
import { type Finding, ready } from "./finding.ts";
import { readNoMatch } from "./no-match.ts";

/** Nothing waits for it; that it protects nothing is said. */
export function judgeDisruptionBudget(budget: KubeObject, look: Look): Finding {
  const labels = textsOf(budget, "spec", "selector", "matchLabels");
  const plain =
    Object.keys(labels).length > 0 && listOf(fieldOf(budget, "spec", "selector"), "matchExpressions").length === 0;
  return ready("is there", { sign: plain ? readNoMatch(budget, labels, look) : undefined });
}
