import * as v from "valibot";
import { list, mapping } from "../fields.ts";
import { matcher } from "../matcher.ts";
import { onePlace, podFields } from "../pods.ts";

/** Variables that are set in a running container. Their values are never printed. */
export const env = v.pipe(
  v.strictObject({
    ...podFields,
    variables: v.union(
      [list(v.string(), "a list of names"), mapping(matcher, "a mapping from a name to what its value has to be")],
      "a list of names, or a mapping from a name to what its value has to be",
    ),
  }),
  onePlace(),
);

export type Env = v.InferOutput<typeof env>;
