import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { findCondition } from "../condition.ts";
import { countOf, fieldOf, listOf, textOf } from "../read-field.ts";
import { refOf, type Seen } from "../seen.ts";
import { type Look, makeSign, type Sign } from "../signs/sign.ts";
import { type Finding, ready } from "./finding.ts";

const KIND = "autoscaling/HorizontalPodAutoscaler";

/** Nothing waits for an autoscaler; that it scales nothing, or knows no load, is said. */
export function judgeAutoscaler(autoscaler: KubeObject): Finding {
  const able = findCondition(autoscaler, "AbleToScale");
  const active = findCondition(autoscaler, "ScalingActive");
  if (able?.status === "False" && able.reason === "FailedGetScale") {
    const target = fieldOf(autoscaler, "spec", "scaleTargetRef");
    const sign = makeSign("nothing/matched", {
      fatal: false,
      where: refOf(autoscaler),
      says: `it scales nothing: there is no ${textOf(target, "kind")} ${textOf(target, "name")}`,
      fix: "correct scaleTargetRef in the chart",
      said: able.message,
    });
    return ready("scales nothing", { sign });
  }
  if (active?.status === "False") return ready(`knows no load yet (${active.reason})`);
  const desired = countOf(autoscaler, "status", "desiredReplicas");
  return ready(desired === undefined ? "is there" : `wants ${desired} replicas`);
}

/**
 * A workload that an autoscaler had scaled up, and that has fewer replicas now than that asks for: the chart has set
 * `replicas`. Every deployment throws the load onto fewer pods, until the autoscaler looks again.
 */
export function readTakenBack(workload: KubeObject, { seen }: Look): Sign | undefined {
  const replicas = countOf(workload, "spec", "replicas");
  if (replicas === undefined || replicas === 0 || !isSetByHelm(workload)) return undefined;
  const autoscaler = findAutoscaler(workload, seen);
  const desired = countOf(autoscaler, "status", "desiredReplicas") ?? 0;
  if (autoscaler === undefined || desired <= replicas) return undefined;
  return makeSign("rollout/replicas-taken-back", {
    fatal: false,
    where: refOf(autoscaler),
    says: `the chart has set ${replicas} replicas where the autoscaler ${autoscaler.metadata.name} wants ${desired}`,
    fix: "leave replicas out of the template where an autoscaler is on: {{- if not .Values.autoscaling.enabled }}",
  });
}

function findAutoscaler({ kind, metadata }: KubeObject, seen: Seen): KubeObject | undefined {
  return seen.list(KIND).find((autoscaler) => {
    const target = fieldOf(autoscaler, "spec", "scaleTargetRef");
    const same = autoscaler.metadata.namespace === metadata.namespace;
    return same && textOf(target, "kind") === kind && textOf(target, "name") === metadata.name;
  });
}

/** Where the server does not say who manages what, the numbers have to do. */
function isSetByHelm(workload: KubeObject): boolean {
  const managers = listOf(workload, "metadata", "managedFields");
  if (managers.length === 0) return true;
  return managers.some(
    (each) =>
      textOf(each, "manager").startsWith("helm") && fieldOf(each, "fieldsV1", "f:spec", "f:replicas") !== undefined,
  );
}
