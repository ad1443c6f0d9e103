import * as v from "valibot";
import { duration } from "../duration.ts";
import { about, count, label, objectName, text } from "../fields.ts";
import { strictMapping } from "../strict-mapping.ts";

const AT_LEAST = "a whole number from 0, or {'>=': 1}";

/** What Kubernetes reports. Without `count` there must be none: no Warning since the smoke test began. */
export const events = v.pipe(
  strictMapping({
    namespace: about("The spec's own where left out.", v.optional(label)),
    type: about("Which events.", v.optional(v.picklist(["Warning", "Normal"]), "Warning")),
    reason: about("Only events of this reason, such as `BackOff`.", v.optional(text)),
    involvedObject: about(
      "Only events about such an object.",
      v.optional(
        strictMapping({
          kind: about("Its kind, such as `Pod`.", v.optional(text)),
          name: about("Its name.", v.optional(objectName)),
        }),
      ),
    ),
    since: about("How far to look back; to the beginning of the smoke test where left out.", v.optional(duration)),
    count: about(
      "How many there have to be: a number, or at least so many.",
      v.optional(v.union([count, strictMapping({ ">=": about("At least so many.", count) })], AT_LEAST), 0),
    ),
  }),
  v.description("What Kubernetes reports. Without `count` there must be none: no Warning since the smoke test began."),
);

export type Events = v.InferOutput<typeof events>;
