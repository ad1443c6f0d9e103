import type { KubeObject } from "../kubernetes/kube-object.ts";
import { countOf, listOf, textOf, timeOf } from "./read-field.ts";
import { remember } from "./remember.ts";

/** What a controller says of an object. */
export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown" | "";
  readonly reason: string;
  readonly message: string;
  /** Milliseconds; undefined when it does not say. */
  readonly since: number | undefined;
  readonly observedGeneration: number | undefined;
}

/** All conditions of an object's status. */
export const listConditions = remember((object: KubeObject): readonly Condition[] =>
  listOf(object, "status", "conditions").map((each) => ({
    type: textOf(each, "type"),
    status: readStatus(textOf(each, "status")),
    reason: textOf(each, "reason"),
    message: textOf(each, "message"),
    since: timeOf(each, "lastTransitionTime") ?? timeOf(each, "lastUpdateTime"),
    observedGeneration: countOf(each, "observedGeneration"),
  })),
);

/** One condition by its type. */
export function findCondition(object: KubeObject, type: string): Condition | undefined {
  return listConditions(object).find((condition) => condition.type === type);
}

/** Whether the controller has seen the newest form of an object. One that never says counts as having seen it. */
export function isObserved(object: KubeObject): boolean {
  const observed = countOf(object, "status", "observedGeneration");
  return observed === undefined || observed >= (object.metadata.generation ?? 0);
}

function readStatus(text: string): Condition["status"] {
  return text === "True" || text === "False" || text === "Unknown" ? text : "";
}
