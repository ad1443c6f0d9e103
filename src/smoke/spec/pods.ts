import * as v from "valibot";
import { exactlyOneOf } from "./demand.ts";
import { about, filled, label, objectName } from "./fields.ts";

const WORKLOAD = "deployment/…, statefulset/…, daemonset/… or job/…";
const workload = v.pipe(
  v.string(WORKLOAD),
  v.regex(/^(?:deployment|statefulset|daemonset|job)\/[a-z0-9][-.a-z0-9]*$/, WORKLOAD),
);

/** Which containers a check looks into. */
export const podFields = {
  namespace: about("The spec's own where left out.", v.optional(label)),
  pod: about("One pod by its name.", v.optional(objectName)),
  selector: about(
    "Pods by their labels, as kubectl takes them: `app=api,tier!=cache`.",
    v.optional(filled("labels such as app=api")),
  ),
  workload: about("`deployment/api`: its pods of the newest revision.", v.optional(workload)),
  container: about(
    "The only one, or the one that `kubectl.kubernetes.io/default-container` names, where left out.",
    v.optional(label),
  ),
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
