import * as v from "valibot";
import { checkPattern } from "../pattern.ts";
import { about, flag, text } from "./fields.ts";
import { strictMapping } from "./strict-mapping.ts";

/** What a value can be compared with. */
export const scalar = v.union([v.string(), v.number(), v.boolean(), v.null()], "a text, a number, true, false or null");

export type Scalar = v.InferOutput<typeof scalar>;

const number = v.number("a number");

/** A regular expression of JavaScript, with the flag `u`. */
export const pattern = v.pipe(
  v.string("a regular expression"),
  v.nonEmpty("a regular expression"),
  v.check(
    (source) => checkPattern(source) === undefined,
    ({ input }) => `a regular expression (${checkPattern(input)?.replace(/^.*: /s, "")})`,
  ),
);

const predicates = {
  "==": about("It is this.", v.optional(scalar)),
  "!=": about("It is anything but this.", v.optional(scalar)),
  "<": about("It is less.", v.optional(number)),
  "<=": about("It is less or the same.", v.optional(number)),
  ">": about("It is more.", v.optional(number)),
  ">=": about("It is more or the same.", v.optional(number)),
  startsWith: about("A text begins with this.", v.optional(text)),
  endsWith: about("A text ends with this.", v.optional(text)),
  contains: about("A text has this in it.", v.optional(text)),
  matches: about("A regular expression is found somewhere in the text.", v.optional(pattern)),
  includes: about("This is one of the elements of a list.", v.optional(scalar)),
  exists: about("There is a value, or none.", v.optional(flag)),
  isEmpty: about("A text, a list or a mapping has nothing in it, or something.", v.optional(flag)),
} as const;

const atLeastOne = v.minEntries<Record<string, unknown>, 1, string>(1, "at least one predicate, such as contains");

/** What a value must not be. */
export const denial = v.pipe(strictMapping(predicates), atLeastOne);

/** What a value has to be. All predicates hold together; the words are hurl's: https://hurl.dev/docs/asserting-response.html */
export const predicate = v.pipe(
  strictMapping({
    ...predicates,
    not: about("None of these predicates may hold.", v.optional(denial)),
  }),
  atLeastOne,
);

/** A value that it has to equal, or a mapping of predicates. */
export const matcher = v.union([scalar, predicate], "a value, or predicates such as {contains: ok}");

export type Matcher = v.InferOutput<typeof matcher>;
