import * as v from "valibot";
import { exactlyOneOf, filled, label, objectName } from "./fields.ts";

/** Which containers a check looks into. */
export const podFields = {
  /** The spec's own where left out. */
  namespace: v.optional(label),
  pod: v.optional(objectName),
  /** Labels, as kubectl takes them: `app=api,tier!=cache`. */
  selector: v.optional(filled("labels such as app=api")),
  /** `deployment/api`: its pods of the newest revision. */
  workload: v.optional(
    v.pipe(
      v.string(),
      v.regex(
        /^(?:deployment|statefulset|daemonset|job)\/[a-z0-9][-.a-z0-9]*$/,
        "deployment/…, statefulset/…, daemonset/… or job/…",
      ),
    ),
  ),
  /** The only one, or the one that `kubectl.kubernetes.io/default-container` names, where left out. */
  container: v.optional(label),
} as const;

/** Says that the containers are found in one way. */
export function onePlace<T extends object>() {
  return exactlyOneOf<T>(["pod", "selector", "workload"]);
}

/** The fields that say which containers. */
export interface Pods {
  readonly namespace?: string | undefined;
  readonly pod?: string | undefined;
  readonly selector?: string | undefined;
  readonly workload?: string | undefined;
  readonly container?: string | undefined;
}
