import type { KubeObject, ObjectKind } from "../../../kubernetes/kube-object.ts";
import { findCondition } from "../../../rollout/condition.ts";
import { oneLine } from "../../../rollout/one-line.ts";
import { compareEvents, readEvent } from "../../../rollout/seen-event.ts";
import type { Scope } from "../scope.ts";

/** What KEDA scales by: one of both is given. */
export interface ScalerName {
  readonly namespace?: string | undefined;
  readonly scaledObject?: string | undefined;
  readonly scaledJob?: string | undefined;
}

/** Where it is. */
export interface ScalerRef extends ObjectKind {
  readonly namespace: string;
  readonly name: string;
}

export const EVENT: ObjectKind = { apiVersion: "v1", kind: "Event" };

/** The event by which KEDA tells why a trigger does not answer. */
const SCALER_FAILED = "KEDAScalerFailed";

/** Where the scaler is that a check names. */
export function readScaler({ namespace, scaledObject, scaledJob }: ScalerName, scope: Scope): ScalerRef {
  return {
    apiVersion: "keda.sh/v1alpha1",
    kind: scaledJob === undefined ? "ScaledObject" : "ScaledJob",
    namespace: namespace ?? scope.namespace,
    name: scaledJob ?? scaledObject ?? "",
  };
}

/** `Ready is False (TriggerError): Triggers defined in ScaledJob are not working correctly`. */
export function tellCondition(scaler: KubeObject, type: string): string {
  const condition = findCondition(scaler, type);
  if (condition === undefined || condition.status === "") return `${type} is not said yet`;
  const { status, reason, message } = condition;
  return `${type} is ${status}${reason === "" ? "" : ` (${reason})`}${message === "" ? "" : `: ${oneLine(message)}`}`;
}

/** What KEDA last warned of: `KEDAScalerFailed: consumer "workers" not found`; undefined where it did not. */
export async function findWarning(ref: ScalerRef, scope: Scope): Promise<string | undefined> {
  const warnings = (await listEvents(ref.namespace, scope))
    .map(readEvent)
    .filter(({ about, warning }) => warning && about.kind === ref.kind && about.name === ref.name)
    .toSorted(compareEvents);
  const last = warnings.findLast(({ reason }) => reason === SCALER_FAILED) ?? warnings.at(-1);
  return last && `${last.reason}: ${oneLine(last.message)}`;
}

/** None where they may not be listed: they only explain. */
async function listEvents(namespace: string, scope: Scope): Promise<readonly KubeObject[]> {
  try {
    return await scope.watches.list(EVENT, namespace);
  } catch (error) {
    if (scope.world.readRefusal(error) === undefined) throw error;
    return [];
  }
}
