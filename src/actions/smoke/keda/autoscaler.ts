import type { KubeObject } from "../../../kubernetes/kube-object.ts";
import { findCondition } from "../../../rollout/condition.ts";
import { textOf } from "../../../rollout/read-field.ts";
import type { Scope } from "../scope.ts";
import { type ScalerRef, tellCondition } from "./scaler.ts";

const AUTOSCALER = { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" } as const;

/** It does nothing because there are 0 replicas, which is KEDA's to change. */
const AT_ZERO = "ScalingDisabled";

/** What is wrong with the HorizontalPodAutoscaler that KEDA makes for a ScaledObject; undefined when nothing is. */
export async function findAutoscalerFault(
  scaler: KubeObject,
  { namespace, name }: ScalerRef,
  scope: Scope,
): Promise<string | undefined> {
  const own =
    textOf(scaler, "status", "hpaName") ||
    textOf(scaler, "spec", "advanced", "horizontalPodAutoscalerConfig", "name") ||
    `keda-hpa-${name}`;
  const found = (await scope.watches.list(AUTOSCALER, namespace)).find(({ metadata }) => metadata.name === own);
  if (found === undefined) return `its HorizontalPodAutoscaler ${own} is not there`;
  const active = findCondition(found, "ScalingActive");
  if (active?.status !== "False" || active.reason === AT_ZERO) return undefined;
  return `its HorizontalPodAutoscaler ${own} does not scale: ${tellCondition(found, "ScalingActive")}`;
}
