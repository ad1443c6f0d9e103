import * as v from "valibot";
import { duration } from "../duration.ts";
import { count, label, objectName } from "../fields.ts";

/** What Kubernetes reports. Without `count` there must be none: no Warning since the smoke test began. */
export const events = v.strictObject({
  namespace: v.optional(label),
  type: v.optional(v.picklist(["Warning", "Normal"], "Warning or Normal"), "Warning"),
  reason: v.optional(v.string()),
  involvedObject: v.optional(v.strictObject({ kind: v.optional(v.string()), name: v.optional(objectName) })),
  /** How far to look back; to the beginning of the smoke test where left out. */
  since: v.optional(duration),
  count: v.optional(v.union([count, v.strictObject({ ">=": count })]), 0),
});

export type Events = v.InferOutput<typeof events>;
