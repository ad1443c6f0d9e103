import * as v from "valibot";
import { about, list, mapping, text } from "../fields.ts";
import { matcher } from "../matcher.ts";
import { onePlace, podFields } from "../pods.ts";
import { strictMapping } from "../strict-mapping.ts";

const MEANT = "a mapping from a name to what its value has to be";

/** Variables that are set in a running container. Their values are never printed. */
export const env = v.pipe(
  strictMapping({
    ...podFields,
    variables: about(
      "Names that have to be set, as a list; or a mapping from a name to what its value has to be.",
      v.union([list(text, "a list of names"), mapping(matcher, MEANT)], `a list of names, or ${MEANT}`),
    ),
  }),
  onePlace(),
  v.description("Variables that are set in a running container. Their values are never printed."),
);

export type Env = v.InferOutput<typeof env>;
