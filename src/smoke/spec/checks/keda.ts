import * as v from "valibot";
import { exactlyOneOf } from "../demand.ts";
import { about, flag, label, objectName } from "../fields.ts";
import { strictMapping } from "../strict-mapping.ts";

/** A ScaledObject or a ScaledJob as KEDA sees it: ready for three looks in a row, since it says so too early. */
export const keda = v.pipe(
  strictMapping({
    namespace: about("The spec's own where left out.", v.optional(label)),
    scaledObject: about("A ScaledObject by its name.", v.optional(objectName)),
    scaledJob: about("A ScaledJob by its name.", v.optional(objectName)),
    ready: about("KEDA can ask its triggers.", v.optional(flag, true)),
    active: about("A trigger asks for work; not looked at where left out.", v.optional(flag)),
    fallback: about("It scales by its fallback, since a trigger does not answer.", v.optional(flag, false)),
    paused: about("Somebody has paused it.", v.optional(flag, false)),
  }),
  exactlyOneOf(["scaledObject", "scaledJob"]),
  v.description(
    "A ScaledObject or a ScaledJob as KEDA sees it: ready for three looks in a row, since it says so too early.",
  ),
);

export type Keda = v.InferOutput<typeof keda>;
