import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { shellQuote } from "../../paste/quote.ts";
import { type Condition, isObserved, listConditions } from "../condition.ts";
import { fieldOf, timeOf } from "../read-field.ts";
import { kindOf, refOf } from "../seen.ts";
import { isOverdue, type Look, makeSign, type Sign } from "../signs/sign.ts";
import { CUSTOM_RULES, type CustomRule, isStatusless } from "./custom-rules.ts";
import { type Finding, ready, unready } from "./finding.ts";

/** What is asked of a kind that nobody here knows: the conditions of kstatus, as far as it has them. */
const ANY: CustomRule = {
  controller: "its controller",
  ready: ["Ready"],
  bear: "silenceMs",
  fix: "see what its controller says",
};

/**
 * A custom resource, by kstatus (https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md): the
 * newest generation seen, not reconciling, not stalled, ready. Stricter for the kinds in the table: of those, silence is
 * no consent.
 */
export function judgeCustomResource(object: KubeObject, look: Look): Finding {
  const { seen, patience } = look;
  const known = CUSTOM_RULES[kindOf(object)];
  const rule = known ?? ANY;
  const conditions = listConditions(object).filter((condition) => isCurrent(condition, object));
  if (conditions.length === 0) return judgeSilent(object, known, look);
  if (!isObserved(object)) return unready(`waiting for ${rule.controller}`, []);
  const is = (type: string, status: string, reason?: string): Condition | undefined =>
    conditions.find((each) => each.type === type && each.status === status && (reason ?? each.reason) === each.reason);
  const stalled =
    is("Stalled", "True") ?? rule.failed?.map((each) => is(each.type, each.status, each.reason)).find(Boolean);
  if (stalled !== undefined) return unready("failed", [sayFailed(object, stalled, rule, true)]);
  const told = conditions.filter(({ type }) => rule.ready.includes(type));
  const no = told.find(({ status }) => status === "False");
  if (no !== undefined) {
    const overdue = isOverdue(no.since, patience[rule.bear], seen);
    return unready(`${no.type} is False (${no.reason})`, [sayFailed(object, no, rule, overdue)]);
  }
  if (is("Reconciling", "True") !== undefined) return unready("reconciling", []);
  if (told.some(({ status }) => status !== "True")) return unready("not ready yet", []);
  if (known !== undefined && told.length === 0) return judgeSilent(object, known, look);
  const since = rule.hasty === true ? Math.max(0, ...told.map((each) => each.since ?? 0)) : 0;
  const until = since === 0 || !seen.isFresh(since) ? 0 : since + patience.settleMs;
  return ready("ready", until > seen.at ? { settleUntil: until } : {});
}

/** Nobody has written a status. Of a kind that has none that is all right; of an unknown one it is said. */
function judgeSilent(object: KubeObject, known: CustomRule | undefined, { seen, patience }: Look): Finding {
  const created = timeOf(object, "metadata", "creationTimestamp");
  if (known !== undefined) {
    const sign = makeSign("custom-resource/silent", {
      fatal: isOverdue(created, patience.silenceMs, seen),
      where: refOf(object),
      says: `${known.controller} has not looked at it: its status is empty`,
      fix: `see whether ${known.controller} runs in the cluster: kubectl get pods --all-namespaces`,
    });
    return unready(`waiting for ${known.controller}`, [sign]);
  }
  const empty = fieldOf(object, "status") === undefined;
  if (isStatusless(kindOf(object)) || !empty) return ready("is there");
  const sign = makeSign("custom-resource/silent", {
    fatal: false,
    where: refOf(object),
    says: "it has no status, so nobody says whether it is ready",
    fix: "see whether its controller runs in the cluster: kubectl get pods --all-namespaces",
  });
  const until = (created ?? 0) + patience.settleMs;
  return ready("has no status", { sign, ...(seen.isFresh(created) && until > seen.at ? { settleUntil: until } : {}) });
}

function sayFailed(object: KubeObject, condition: Condition, rule: CustomRule, fatal: boolean): Sign {
  const { name, namespace } = object.metadata;
  const at = namespace === undefined ? "" : ` -n ${shellQuote(namespace)}`;
  const { type, status, reason, message } = condition;
  return makeSign("custom-resource/failed", {
    fatal,
    where: refOf(object),
    says: `${rule.controller} says ${type}=${status}${reason === "" ? "" : ` (${reason})`}${message === "" ? "" : `: ${message}`}`,
    fix: `${rule.fix}; kubectl${at} describe ${shellQuote(object.kind.toLowerCase())} ${shellQuote(name)}`,
    said: message || reason,
  });
}

/** A condition that tells of an older generation says nothing of this one. */
function isCurrent({ observedGeneration }: Condition, { metadata }: KubeObject): boolean {
  return observedGeneration === undefined || observedGeneration >= (metadata.generation ?? 0);
}
