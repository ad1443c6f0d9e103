import * as v from "valibot";
import { atLeastOneOf, filled } from "../fields.ts";
import { onePlace, podFields } from "../pods.ts";

const quantity = v.union([filled("a quantity such as 500m or 256Mi"), v.number()], "a quantity such as 500m or 256Mi");

/** What the kernel holds a running container to (its cgroup). */
export const limits = v.pipe(
  v.strictObject({ ...podFields, cpu: v.optional(quantity), memory: v.optional(quantity) }),
  onePlace(),
  atLeastOneOf(["cpu", "memory"]),
);

export type Limits = v.InferOutput<typeof limits>;
