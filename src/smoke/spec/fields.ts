import * as v from "valibot";
import { refuseLists } from "./strict-mapping.ts";

// Each message is what was expected: `expected …, got …` is made of it, as is the table of fields in docs/smoke-tests.md.

/** A field with what it says, for the schema that editors read and for the tables in docs/smoke-tests.md. */
export function about<S extends v.GenericSchema>(description: string, schema: S) {
  return v.pipe(schema, v.description<v.InferOutput<S>, string>(description));
}

export const text = v.string("a text");

/** A text that says something. */
export const filled = (expected: string) => v.pipe(v.string(expected), v.nonEmpty(expected));

const NAME = "a name of Kubernetes: lower-case letters, digits, hyphens and dots";

/** What an object is called. */
export const objectName = v.pipe(v.string(NAME), v.regex(/^(?=.{1,253}$)[a-z0-9](?:[-.:a-z0-9]*[a-z0-9])?$/, NAME));

const API_VERSION = "an apiVersion such as apps/v1";

export const apiVersion = v.pipe(
  v.string(API_VERSION),
  v.regex(/^(?:[a-z0-9][a-z0-9.-]*\/)?[a-z0-9][a-z0-9-]*$/, API_VERSION),
);

const KIND = "a kind such as Deployment";

export const objectKind = v.pipe(v.string(KIND), v.regex(/^[A-Za-z][A-Za-z0-9-]*$/, KIND));

const LABEL = "1 to 63 lower-case letters, digits and hyphens";

/** A namespace, a container or a port by its name. */
export const label = v.pipe(v.string(LABEL), v.regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, LABEL));

const COUNT = "a whole number from 0";

export const count = v.pipe(v.number(COUNT), v.integer(COUNT), v.minValue(0, COUNT));

export const flag = v.boolean("true or false");

/** A mapping from a name to a text. */
export const texts = refuseLists(v.record(v.string(), text, "a mapping from a name to a text"));

/** A mapping with at least one entry: an empty one would check nothing. */
export function mapping<T extends v.GenericSchema>(
  value: T,
  expected: string,
  key: v.GenericSchema<string, string> = v.string(),
) {
  const record = refuseLists(v.record(key, value, expected));
  return v.pipe(record, v.minEntries(1, `${expected} with at least one entry`));
}

/** A list with at least one element: an empty one would check nothing. */
export function list<T extends v.GenericSchema>(element: T, expected: string) {
  return v.pipe(v.array(element, expected), v.minLength(1, `${expected} with at least one element`));
}
