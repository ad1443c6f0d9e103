import * as v from "valibot";
import { label, objectName } from "../fields.ts";

/** A release of helm. */
export const helm = v.strictObject({
  /** The action's own where left out. */
  release: v.optional(objectName),
  namespace: v.optional(label),
  status: v.optional(v.picklist(["deployed", "failed", "superseded", "uninstalled"]), "deployed"),
  /** Runs the chart's tests. A chart without any fails. */
  test: v.optional(v.boolean("true or false"), false),
  /** Only tests whose names are listed. */
  tests: v.optional(v.array(objectName)),
});

export type Helm = v.InferOutput<typeof helm>;
