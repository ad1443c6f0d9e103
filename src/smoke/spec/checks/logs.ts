import * as v from "valibot";
import { duration } from "../duration.ts";
import { atLeastOneOf, count, filled } from "../fields.ts";
import { onePlace, podFields } from "../pods.ts";

const pattern = filled("a text");

/** What containers have printed. */
export const logs = v.pipe(
  v.strictObject({
    ...podFields,
    contains: v.optional(pattern),
    doesNotContain: v.optional(pattern),
    /** A regular expression that a line has to match. */
    matches: v.optional(pattern),
    doesNotMatch: v.optional(pattern),
    /** Only the last lines. */
    tail: v.optional(count),
    since: v.optional(duration),
  }),
  onePlace(),
  atLeastOneOf(["contains", "doesNotContain", "matches", "doesNotMatch"]),
);

export type Logs = v.InferOutput<typeof logs>;
