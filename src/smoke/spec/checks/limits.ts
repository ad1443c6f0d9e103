import * as v from "valibot";
import { atLeastOneOf } from "../demand.ts";
import { about } from "../fields.ts";
import { onePlace, podFields } from "../pods.ts";
import { strictMapping } from "../strict-mapping.ts";

const QUANTITY = "a quantity such as 500m or 256Mi";

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const quantity = v.union(
  [
    v.pipe(v.string(QUANTITY), v.regex(/^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/, QUANTITY)),
    v.pipe(v.number(QUANTITY), v.minValue(0, QUANTITY)),
  ],
  QUANTITY,
);

/** What the kernel holds a running container to (its cgroup). */
export const limits = v.pipe(
  strictMapping({
    ...podFields,
    cpu: about("CPUs, such as `500m`.", v.optional(quantity)),
    memory: about("Bytes of memory, such as `256Mi`.", v.optional(quantity)),
  }),
  onePlace(),
  atLeastOneOf(["cpu", "memory"]),
  v.description("What the kernel holds a running container to (its cgroup)."),
);

export type Limits = v.InferOutput<typeof limits>;
