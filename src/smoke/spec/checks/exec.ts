import * as v from "valibot";
import { about, list, text } from "../fields.ts";
import { matcher } from "../matcher.ts";
import { onePlace, podFields } from "../pods.ts";
import { strictMapping } from "../strict-mapping.ts";

const EXIT_CODE = "a whole number from 0 to 255";
const exitCode = v.pipe(
  v.number(EXIT_CODE),
  v.integer(EXIT_CODE),
  v.minValue(0, EXIT_CODE),
  v.maxValue(255, EXIT_CODE),
);

/** What a command says that is run in a container. It is run again until it holds. */
export const exec = v.pipe(
  strictMapping({
    ...podFields,
    command: about("Program and arguments. No shell is between.", list(text, "a list of texts")),
    exitCode: about("What it ends with.", v.optional(exitCode, 0)),
    stdout: about("What it prints, without the line's end at its end.", v.optional(matcher)),
    stderr: about("What it prints as errors.", v.optional(matcher)),
  }),
  onePlace(),
  v.description("What a command says that is run in a container. It is run again until it holds."),
);

export type Exec = v.InferOutput<typeof exec>;
