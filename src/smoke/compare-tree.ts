import * as v from "valibot";
import { ExpressionFault, evaluate } from "./expression.ts";
import { matchValue, tellMatcher } from "./match-value.ts";
import { type Matcher, matcher } from "./spec/matcher.ts";
import { shorten, tellValue } from "./tell-value.ts";

/** What came of a comparison; both texts fit on a line. */
export interface Comparison {
  readonly holds: boolean;
  /** `spec.replicas: 2, status.phase: "Running"`. */
  readonly expected: string;
  /** The first place that differs: `spec.replicas is 1, expected 2`. */
  readonly seen: string;
}

const LONGEST = 200;

/**
 * Whether an object has a part, as chainsaw's assertion trees say it: mappings may have more keys, lists are as long and
 * equal one by one, and texts and numbers are equal. A key in parentheses is an expression (JMESPath) on what stands
 * there, and what it gives is compared; what finds nothing equals nothing but null. Predicates such as `{">=": 2}` may
 * stand in a value's place. https://kyverno.github.io/chainsaw/latest/quick-start/assertion-trees/
 *
 * @throws TookTooLong
 */
export function compareTree(tree: unknown, object: unknown): Comparison {
  const difference = findDifference(tree, object, "");
  const expected = shorten(listLeaves(tree, "").join(", "), LONGEST);
  return { holds: difference === undefined, expected, seen: shorten(difference ?? expected, LONGEST) };
}

type Mapping = Readonly<Record<string, unknown>>;

/** The first place that differs and how, or undefined. */
function findDifference(tree: unknown, value: unknown, path: string): string | undefined {
  if (isMapping(tree) && !standForValue(tree, value)) return compareMapping(tree, value, path);
  if (Array.isArray(tree)) return compareList(tree, value, path);
  const wanted = tree as Matcher;
  const holds = isMapping(wanted) ? matchValue(wanted, value ?? undefined) : isSame(wanted, value);
  return holds ? undefined : tellDifference(path, value, tellMatcher(wanted));
}

function compareMapping(tree: Mapping, value: unknown, path: string): string | undefined {
  for (const [key, expected] of Object.entries(tree)) {
    const expression = readExpression(key);
    if (expression === undefined && !isMapping(value)) return tellDifference(path, value, "a mapping");
    const below = join(path, key);
    const found = expression === undefined ? { value: fieldOf(value, key) } : calculate(expression, value);
    const difference =
      "fault" in found ? `${told(below)}: ${found.fault}` : findDifference(expected, found.value, below);
    if (difference !== undefined) return difference;
  }
  const empty = Object.keys(tree).length === 0;
  return empty && !isMapping(value) ? tellDifference(path, value, "a mapping") : undefined;
}

function compareList(tree: readonly unknown[], value: unknown, path: string): string | undefined {
  if (!Array.isArray(value)) return tellDifference(path, value, `a list of ${tree.length}`);
  if (value.length !== tree.length) return `${told(path)} has ${value.length} elements, expected ${tree.length}`;
  for (const [index, expected] of tree.entries()) {
    const difference = findDifference(expected, value[index], `${path}[${index}]`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** Whether a mapping is predicates on a value, rather than a part of a mapping that happens to have such keys. */
function standForValue(tree: Mapping, value: unknown): boolean {
  const own = isMapping(value) && Object.keys(tree).some((key) => Object.hasOwn(value, key));
  return !own && v.is(matcher, tree);
}

/** No text is a number in an object of the API server. */
function isSame(expected: unknown, value: unknown): boolean {
  return expected === null ? value === null || value === undefined : value === expected;
}

function calculate(expression: string, value: unknown): { readonly value: unknown } | { readonly fault: string } {
  try {
    return { value: evaluate(expression, value ?? null) };
  } catch (error) {
    // Such as a sum of what is not there yet.
    if (error instanceof ExpressionFault) return { fault: error.message };
    throw error;
  }
}

/** Every value that a tree asks for, with its place. */
function listLeaves(tree: unknown, path: string): readonly string[] {
  if (Array.isArray(tree)) {
    return tree.length === 0
      ? [`${told(path)}: []`]
      : tree.flatMap((one, index) => listLeaves(one, `${path}[${index}]`));
  }
  if (!isMapping(tree)) return [`${told(path)}: ${tellValue(tree)}`];
  if (v.is(matcher, tree)) return [`${told(path)}: ${tellMatcher(tree)}`];
  const entries = Object.entries(tree);
  return entries.length === 0
    ? [`${told(path)}: {}`]
    : entries.flatMap(([key, below]) => listLeaves(below, join(path, key)));
}

function tellDifference(path: string, value: unknown, expected: string): string {
  return `${told(path)} is ${tellValue(value)}, expected ${expected}`;
}

function told(path: string): string {
  return path === "" ? "the object" : path;
}

function join(path: string, key: string): string {
  if (/^[\w-]+$/.test(key)) return path === "" ? key : `${path}.${key}`;
  return readExpression(key) === undefined ? `${path}[${JSON.stringify(key)}]` : `${path}${key}`;
}

/** The expression of a key in parentheses; undefined of any other key. */
export function readExpression(key: string): string | undefined {
  return /^\((.*)\)$/s.exec(key)?.[1];
}

function fieldOf(value: unknown, key: string): unknown {
  return isMapping(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
