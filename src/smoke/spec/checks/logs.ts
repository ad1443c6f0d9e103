import * as v from "valibot";
import { atLeastOneOf } from "../demand.ts";
import { duration } from "../duration.ts";
import { about, count, filled } from "../fields.ts";
import { pattern } from "../matcher.ts";
import { onePlace, podFields } from "../pods.ts";
import { strictMapping } from "../strict-mapping.ts";

const words = filled("a text");

/** What containers have printed. */
export const logs = v.pipe(
  strictMapping({
    ...podFields,
    contains: about("A line has this in it.", v.optional(words)),
    doesNotContain: about("No line has this in it.", v.optional(words)),
    matches: about("A regular expression that a line has to match.", v.optional(pattern)),
    doesNotMatch: about("A regular expression that no line may match.", v.optional(pattern)),
    tail: about("Only the last lines.", v.optional(count)),
    since: about("Only lines of the time before now.", v.optional(duration)),
  }),
  onePlace(),
  atLeastOneOf(["contains", "doesNotContain", "matches", "doesNotMatch"]),
  v.description("What containers have printed."),
);

export type Logs = v.InferOutput<typeof logs>;
