import { findPattern } from "./pattern.ts";
import type { Matcher, Scalar } from "./spec/matcher.ts";
import { tellValue } from "./tell-value.ts";

type Predicates = Exclude<Matcher, Scalar>;
type Word = keyof typeof HOLDS;

/** What each predicate asks of a value that is there. */
const HOLDS = {
  "==": (value: unknown, expected: Scalar) => equals(value, expected),
  "!=": (value: unknown, expected: Scalar) => !equals(value, expected),
  "<": (value: unknown, expected: number) => numberOf(value) < expected,
  "<=": (value: unknown, expected: number) => numberOf(value) <= expected,
  ">": (value: unknown, expected: number) => numberOf(value) > expected,
  ">=": (value: unknown, expected: number) => numberOf(value) >= expected,
  startsWith: (value: unknown, expected: string) => textOf(value)?.startsWith(expected) === true,
  endsWith: (value: unknown, expected: string) => textOf(value)?.endsWith(expected) === true,
  contains: (value: unknown, expected: string) => textOf(value)?.includes(expected) === true,
  matches: (value: unknown, expected: string) => {
    const text = textOf(value);
    return text !== undefined && findPattern(expected, text) !== undefined;
  },
  includes: (value: unknown, expected: Scalar) => Array.isArray(value) && value.some((one) => equals(one, expected)),
  exists: (_: unknown, expected: boolean) => expected,
  isEmpty: (value: unknown, expected: boolean) => {
    const size = sizeOf(value);
    return size !== undefined && (size === 0) === expected;
  },
} as const satisfies Readonly<Record<string, (value: unknown, expected: never) => boolean>>;

/**
 * Whether a value is what it has to be; `undefined` is one that is not there.
 *
 * Predicates hold all together, and of those below `not` none may hold. What is not there holds for nothing but
 * `exists: false` and null, also not for `!=` and `not`: a check of a field that has gone away must not pass. A text
 * equals the number or boolean that it writes, since headers and variables have no other type.
 *
 * @throws TookTooLong for a regular expression without an end
 */
export function matchValue(matcher: Matcher, value: unknown): boolean {
  if (isScalar(matcher)) return equals(value, matcher);
  const { not, ...predicates } = splitNot(matcher);
  return (
    listGiven(predicates).every(([word, expected]) => holds(word, value, expected)) &&
    listGiven(not).every(([word, expected]) =>
      value === undefined ? word === "exists" && expected === true : !holds(word, value, expected),
    )
  );
}

/** What a value has to be, on a line: `>= 2`, `contains "ok" and not matches "error"`, `"ok"`. */
export function tellMatcher(matcher: Matcher): string {
  if (isScalar(matcher)) return tellValue(matcher);
  const { not, ...predicates } = splitNot(matcher);
  return [
    ...listGiven(predicates).map(([word, expected]) => tellPredicate(word, expected)),
    ...listGiven(not).map(([word, expected]) => `not ${tellPredicate(word, expected)}`),
  ].join(" and ");
}

function splitNot(predicates: Predicates): { readonly not: object; readonly [word: string]: unknown } {
  const { not } = predicates as { readonly not?: object };
  return { ...predicates, not: not ?? {} };
}

function tellPredicate(word: Word, expected: unknown): string {
  if (word === "exists") return expected === true ? "exists" : "does not exist";
  if (word === "isEmpty") return expected === true ? "is empty" : "is not empty";
  return `${word} ${tellValue(expected)}`;
}

function listGiven(predicates: object): readonly (readonly [Word, unknown])[] {
  return Object.entries(predicates).flatMap(([word, expected]) =>
    expected === undefined ? [] : [[word as Word, expected] as const],
  );
}

function holds(word: Word, value: unknown, expected: unknown): boolean {
  if (value !== undefined) return HOLDS[word](value, expected as never);
  return (word === "exists" && expected === false) || (word === "==" && expected === null);
}

function isScalar(matcher: Matcher): matcher is Scalar {
  return typeof matcher !== "object" || matcher === null;
}

function equals(value: unknown, expected: Scalar): boolean {
  if (expected === null) return value === null || value === undefined;
  if (typeof value === "string" && typeof expected !== "string") return value === String(expected);
  return value === expected || (Number.isNaN(value) && Number.isNaN(expected));
}

/** NaN, which is in no order with anything, for what is no number. */
function numberOf(value: unknown): number {
  if (typeof value === "string") return value.trim() === "" ? Number.NaN : Number(value);
  return typeof value === "number" ? value : Number.NaN;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

function sizeOf(value: unknown): number | undefined {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return typeof value === "object" && value !== null ? Object.keys(value).length : undefined;
}
