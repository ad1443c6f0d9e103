import * as v from "valibot";
import { about, flag, label, list, objectName } from "../fields.ts";
import { strictMapping } from "../strict-mapping.ts";

const release = {
  release: about("The action's own where left out.", v.optional(objectName)),
  namespace: about("The spec's own where left out.", v.optional(label)),
  status: about(
    "What helm says of its newest revision.",
    v.optional(v.picklist(["deployed", "failed", "superseded", "uninstalled"]), "deployed"),
  ),
} as const;

/** A release of helm. */
export const helm = v.pipe(
  strictMapping({
    ...release,
    test: about("Runs the chart's tests. A chart without any fails.", v.optional(flag, false)),
    tests: about("Only tests whose names are listed.", v.optional(list(objectName, "a list of names"))),
  }),
  v.description("A release of helm, and what its tests say."),
);

/** A release of helm, without a run of its tests: one that fails is no proof that anything is as it should be. */
export const helmLook = v.pipe(strictMapping(release), v.description("A release of helm."));

export type Helm = v.InferOutput<typeof helm>;
