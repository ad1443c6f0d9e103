import * as v from "valibot";
import { list } from "../fields.ts";
import { matcher } from "../matcher.ts";
import { onePlace, podFields } from "../pods.ts";

/** What a command says that is run in a container. It is run again until it holds. */
export const exec = v.pipe(
  v.strictObject({
    ...podFields,
    /** Program and arguments. No shell is between. */
    command: list(v.string("a text"), "a list of texts"),
    exitCode: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255)), 0),
    stdout: v.optional(matcher),
    stderr: v.optional(matcher),
  }),
  onePlace(),
);

export type Exec = v.InferOutput<typeof exec>;
