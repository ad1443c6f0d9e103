import * as v from "valibot";
import { exactlyOneOf, label, objectName } from "../fields.ts";

/** A ScaledObject or a ScaledJob as KEDA sees it: ready for three looks in a row, since it says so too early. */
export const keda = v.pipe(
  v.strictObject({
    namespace: v.optional(label),
    scaledObject: v.optional(objectName),
    scaledJob: v.optional(objectName),
    ready: v.optional(v.boolean("true or false"), true),
    active: v.optional(v.boolean("true or false")),
    fallback: v.optional(v.boolean("true or false"), false),
    paused: v.optional(v.boolean("true or false"), false),
  }),
  exactlyOneOf(["scaledObject", "scaledJob"]),
);

export type Keda = v.InferOutput<typeof keda>;
