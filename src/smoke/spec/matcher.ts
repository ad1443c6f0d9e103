import * as v from "valibot";

/** What a value can be compared with. */
const scalar = v.union([v.string(), v.number(), v.boolean(), v.null()], "a text, a number, true, false or null");

export type Scalar = v.InferOutput<typeof scalar>;

const predicates = {
  "==": v.optional(scalar),
  "!=": v.optional(scalar),
  "<": v.optional(v.number("a number")),
  "<=": v.optional(v.number("a number")),
  ">": v.optional(v.number("a number")),
  ">=": v.optional(v.number("a number")),
  startsWith: v.optional(v.string("a text")),
  endsWith: v.optional(v.string("a text")),
  contains: v.optional(v.string("a text")),
  /** A regular expression that has to be found somewhere in the value. */
  matches: v.optional(v.pipe(v.string("a regular expression"), v.check(isPattern, "a regular expression"))),
  /** Of a list: one of its elements. */
  includes: v.optional(scalar),
  exists: v.optional(v.boolean("true or false")),
  isEmpty: v.optional(v.boolean("true or false")),
} as const;

const atLeastOne = v.minEntries<Record<string, unknown>, 1, string>(1, "at least one predicate, such as contains");

/** What a value has to be. All predicates hold together; the words are hurl's: https://hurl.dev/docs/asserting-response.html */
const predicate = v.pipe(
  v.strictObject({
    ...predicates,
    not: v.optional(v.pipe(v.strictObject(predicates, "a mapping of predicates"), atLeastOne)),
  }),
  atLeastOne,
);

/** A value that it has to equal, or a mapping of predicates. */
export const matcher = v.union([scalar, predicate], "a value, or predicates such as {contains: ok}");

export type Matcher = v.InferOutput<typeof matcher>;

function isPattern(text: string): boolean {
  try {
    new RegExp(text, "u");
    return true;
  } catch {
    return false;
  }
}
