import * as v from "valibot";

/** A text that says something. */
export const filled = (expected: string) => v.pipe(v.string(expected), v.nonEmpty(expected));

const NAME = "a name of Kubernetes: lower-case letters, digits, hyphens and dots";

/** What an object is called. */
export const objectName = v.pipe(v.string(NAME), v.regex(/^(?=.{1,253}$)[a-z0-9](?:[-.:a-z0-9]*[a-z0-9])?$/, NAME));

/** A namespace, a container or a port by its name. */
export const label = v.pipe(
  v.string("1 to 63 lower-case letters, digits and hyphens"),
  v.regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, "1 to 63 lower-case letters, digits and hyphens"),
);

export const count = v.pipe(
  v.number("a whole number"),
  v.integer("a whole number"),
  v.minValue(0, "a whole number from 0"),
);

/** Says that a mapping has exactly one of some keys. */
export function exactlyOneOf<T extends object>(keys: readonly string[]) {
  const told = `exactly one of ${keys.join(", ")}`;
  return v.check<T, string>((value) => countGiven(value, keys) === 1, told);
}

/** Says that a mapping has at least one of some keys. */
export function atLeastOneOf<T extends object>(keys: readonly string[]) {
  const told = `at least one of ${keys.join(", ")}`;
  return v.check<T, string>((value) => countGiven(value, keys) > 0, told);
}

/** A mapping with at least one entry: an empty one would check nothing. */
export function mapping<T extends v.GenericSchema>(value: T, expected: string) {
  return v.pipe(v.record(v.string(), value, expected), v.minEntries(1, `${expected} with at least one entry`));
}

/** A list with at least one element: an empty one would check nothing. */
export function list<T extends v.GenericSchema>(element: T, expected: string) {
  return v.pipe(v.array(element, expected), v.minLength(1, `${expected} with at least one element`));
}

function countGiven(value: object, keys: readonly string[]): number {
  return keys.filter(
    (key) => Object.hasOwn(value, key) && (value as Readonly<Record<string, unknown>>)[key] !== undefined,
  ).length;
}
