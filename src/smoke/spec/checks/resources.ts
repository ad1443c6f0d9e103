import * as v from "valibot";
import { atLeastOneOf, count, filled, label, objectName } from "../fields.ts";
import { matcher } from "../matcher.ts";

/** Objects of any kind, and what has to be true of each that is meant. */
export const resources = v.pipe(
  v.strictObject({
    apiVersion: filled("an apiVersion such as apps/v1"),
    kind: filled("a kind such as Deployment"),
    namespace: v.optional(label),
    /** One object; without it and a selector, all of the kind in the namespace. */
    name: v.optional(objectName),
    selector: v.optional(filled("labels such as app=api")),
    /** Its newest revision is out and ready, by the judgement of helm-deploy. */
    rollout: v.optional(v.literal(true, "true")),
    /** A condition that is `True`: `Established`, `Available`, `Complete`; or `{type, status, reason}`. */
    condition: v.optional(
      v.union([
        filled("a condition's type"),
        v.strictObject({
          type: filled("a condition's type"),
          status: v.optional(v.picklist(["True", "False", "Unknown"], '"True", "False" or "Unknown"'), "True"),
          reason: v.optional(v.string()),
        }),
      ]),
    ),
    /** A part of the object, as a tree; a key in parentheses is an expression (JMESPath) on what stands there. */
    assert: v.optional(v.record(v.string(), v.unknown(), "a part of the object")),
    /** How many there are. Only with it may there be none. */
    count: v.optional(v.union([count, matcher], "a whole number, or predicates such as {'>=': 2}")),
    /** No replicas are asked for, and no pod of it is left. */
    scaledToZero: v.optional(v.literal(true, "true")),
    /** It is there, which is what a check without any of the others asks. */
    exists: v.optional(v.literal(true, "true")),
  }),
  atLeastOneOf(["rollout", "condition", "assert", "count", "scaledToZero", "exists"]),
);

export type Resources = v.InferOutput<typeof resources>;
