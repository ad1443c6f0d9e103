/** A JSON value whose numbers keep the digits that they were written with. Ask `isObject` and `isNumber`, not `typeof`. */
export type Json = null | boolean | string | number | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json;
}

/** In Node 24, not yet in TypeScript's library: https://github.com/tc39/proposal-json-parse-with-source */
const { rawJSON, isRawJSON } = JSON as unknown as {
  rawJSON(digits: string): JsonObject;
  isRawJSON(value: unknown): boolean;
};

/** Digits enough that a double may lose some. A hit inside of a text only costs time. */
const LONG_NUMBER = /[:,[\s]-?\d[\d.]{15}/;

/**
 * Reads JSON text without rounding its numbers: 12345678901234567890 stays what it is. Throws a `SyntaxError`.
 *
 * A number that a double cannot hold is kept as raw JSON, which `JSON.stringify` writes as it was.
 */
export function parseExactJson(text: string): Json {
  // A reviver takes several times as long, and few plans hold such a number.
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_name, value: unknown, context?: { readonly source?: string }) => {
    const digits = context?.source;
    return typeof value === "number" && digits !== undefined && String(value) !== digits ? rawJSON(digits) : value;
  });
}

/** A number of as many digits as its text has. */
export function writeDigits(digits: string): Json {
  return rawJSON(digits);
}

/** Whether a value has named fields. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isRawJSON(value);
}

/** Whether a value has elements. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether a value is a number, rounded or not. `JSON.stringify` gives its digits. */
export function isNumber(value: Json | undefined): boolean {
  return typeof value === "number" || isRawJSON(value);
}

/** A field of an object; undefined of anything else. Never what every object inherits. */
export function fieldOf(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** A field's text; undefined when it is none. */
export function textOf(value: Json | undefined, name: string): string | undefined {
  const text = fieldOf(value, name);
  return typeof text === "string" ? text : undefined;
}

/** The elements of a field; none when it is no list. */
export function listOf(value: Json | undefined, name: string): readonly Json[] {
  const list = fieldOf(value, name);
  return isList(list) ? list : [];
}

/** Names and values of an object; none of anything else. */
export function entriesOf(value: Json | undefined): readonly (readonly [string, Json])[] {
  return isObject(value) ? Object.entries(value) : [];
}

/** The one JSON text of a value: names in order, no spaces. Equal values have equal texts. */
export function renderCanonicalJson(value: Json): string {
  return JSON.stringify(orderNames(value));
}

function orderNames(value: Json): Json {
  if (isList(value)) return value.map(orderNames);
  if (!isObject(value)) return value;
  const ordered: Record<string, Json> = Object.create(null);
  for (const name of Object.keys(value).sort()) ordered[name] = orderNames(value[name] ?? null);
  return ordered;
}

/** Whether two values are the same, in whatever order their names stand. */
export function isSameJson(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (isList(one) && isList(other)) {
    return one.length === other.length && one.every((value, index) => isSameJson(value, other[index]));
  }
  if (isObject(one) && isObject(other)) {
    const names = Object.keys(one);
    return (
      names.length === Object.keys(other).length &&
      names.every((name) => Object.hasOwn(other, name) && isSameJson(one[name], other[name]))
    );
  }
  return isNumber(one) && isNumber(other) && JSON.stringify(one) === JSON.stringify(other);
}
