import * as v from "valibot";
import { duration } from "../duration.ts";
import { atLeastOneOf, exactlyOneOf, label, objectName } from "../fields.ts";

const budget = v.pipe(
  v.strictObject({
    /** From publish to KEDA's `Active`. */
    active: v.optional(duration),
    /** From publish to the first Job (or the first replica). */
    created: v.optional(duration),
    /** From publish to a node for its pod. */
    scheduled: v.optional(duration),
    /** From publish to its images being on the node. */
    pulled: v.optional(duration),
    /** From publish to its containers running (of a Deployment: ready). */
    started: v.optional(duration),
    /** From publish to the Job's end. */
    done: v.optional(duration),
    /** From the end to nothing running. */
    scaledToZero: v.optional(duration),
    /** From publish to the last of all phases. */
    total: v.optional(duration),
  }),
  atLeastOneOf(["active", "created", "scheduled", "pulled", "started", "done", "scaledToZero", "total"]),
);

/** How long it takes from the last message that was published until its work is done and nothing runs any more. */
export const coldstart = v.pipe(
  v.strictObject({
    namespace: v.optional(label),
    scaledJob: v.optional(objectName),
    scaledObject: v.optional(objectName),
    /** Up to which phase; `done` leaves the scaling down to another check. */
    until: v.optional(v.picklist(["created", "started", "done", "scaledToZero"]), "scaledToZero"),
    budget,
  }),
  exactlyOneOf(["scaledJob", "scaledObject"]),
);

export type Coldstart = v.InferOutput<typeof coldstart>;
