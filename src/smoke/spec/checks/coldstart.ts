import * as v from "valibot";
import { atLeastOneOf, exactlyOneOf } from "../demand.ts";
import { duration } from "../duration.ts";
import { about, label, objectName } from "../fields.ts";
import { strictMapping } from "../strict-mapping.ts";

const phases = {
  active: about("From publish to KEDA's `Active`.", v.optional(duration)),
  created: about("From publish to the first Job (or the first replica).", v.optional(duration)),
  scheduled: about("From publish to a node for its pod.", v.optional(duration)),
  pulled: about("From publish to its images being on the node.", v.optional(duration)),
  started: about("From publish to its containers running (of a Deployment: ready).", v.optional(duration)),
  done: about("From publish to the Job's end.", v.optional(duration)),
  scaledToZero: about("From the end to nothing running.", v.optional(duration)),
  total: about("From publish to the last of all phases.", v.optional(duration)),
} as const;

/** In their order; the total is none of them. */
const ORDER = Object.keys(phases).filter((name) => name !== "total");

interface Bounded {
  readonly until: string;
  readonly budget: Readonly<Record<string, number | undefined>>;
}

/** A budget of a phase that is never come to would be kept whatever happens. */
function upToTheLast<T extends Bounded>() {
  return v.rawCheck<T>(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { until, budget } = dataset.value;
    const behind = ORDER.slice(ORDER.indexOf(until) + 1).filter((name) => budget[name] !== undefined);
    if (behind.length > 0) addIssue({ message: `no budget for ${behind.join(", ")} with until: ${until}` });
  });
}

/** How long it takes from the last message that was published until its work is done and nothing runs any more. */
export const coldstart = v.pipe(
  strictMapping({
    namespace: about("The spec's own where left out.", v.optional(label)),
    scaledJob: about("The ScaledJob that works.", v.optional(objectName)),
    scaledObject: about("The ScaledObject that works.", v.optional(objectName)),
    until: about(
      "Up to which phase; `done` leaves the scaling down to another check.",
      v.optional(v.picklist(["created", "started", "done", "scaledToZero"]), "scaledToZero"),
    ),
    budget: about("What each phase may take.", v.pipe(strictMapping(phases), atLeastOneOf(Object.keys(phases)))),
  }),
  exactlyOneOf(["scaledJob", "scaledObject"]),
  upToTheLast(),
  v.description(
    "How long it takes from the last message that was published until its work is done and nothing runs any more.",
  ),
);

export type Coldstart = v.InferOutput<typeof coldstart>;
