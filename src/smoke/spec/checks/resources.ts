import * as v from "valibot";
import { atLeastOneOf } from "../demand.ts";
import { about, apiVersion, filled, label, objectKind, objectName, text } from "../fields.ts";
import { objectCount } from "../object-count.ts";
import { refuseLists, strictMapping } from "../strict-mapping.ts";

const yes = v.literal(true, "true");
const type = filled("a condition's type");
const condition = strictMapping({
  type: about("Its type.", type),
  status: about(
    "Its status.",
    v.optional(v.picklist(["True", "False", "Unknown"], '"True", "False" or "Unknown"'), "True"),
  ),
  reason: about("Its reason.", v.optional(text)),
});

/** Objects of any kind, and what has to be true of each that is meant. */
export const resources = v.pipe(
  strictMapping({
    apiVersion: about("Such as `apps/v1`.", apiVersion),
    kind: about("Such as `Deployment`.", objectKind),
    namespace: about("The spec's own where left out.", v.optional(label)),
    name: about("One object; without it and a selector, all of the kind in the namespace.", v.optional(objectName)),
    selector: about("Objects by their labels, such as `app=api`.", v.optional(filled("labels such as app=api"))),
    rollout: about("Its newest revision is out and ready, by the judgement of helm-deploy.", v.optional(yes)),
    condition: about(
      "A condition that is `True`: `Established`, `Available`, `Complete`; or `{type, status, reason}`.",
      v.optional(v.union([type, condition], "a condition's type, or {type, status, reason}")),
    ),
    assert: about(
      "A part of the object, as a tree; a key in parentheses is an expression (JMESPath) on what stands there.",
      v.optional(refuseLists(v.record(v.string(), v.unknown(), "a part of the object"))),
    ),
    count: about("Of how many the rest is true. Only with it may there be none.", v.optional(objectCount)),
    scaledToZero: about("No replicas are asked for, and no pod of it is left.", v.optional(yes)),
    exists: about("It is there.", v.optional(yes)),
  }),
  atLeastOneOf(["rollout", "condition", "assert", "count", "scaledToZero", "exists"]),
  v.description("Objects of any kind, and what has to be true of each that is meant."),
);

export type Resources = v.InferOutput<typeof resources>;
