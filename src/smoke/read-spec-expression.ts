import { listNearNames } from "../spelling/near-names.ts";
import { ExpressionFault, evaluate } from "./expression.ts";
import { listReadNames } from "./expression-names.ts";
import type { Bindings } from "./fill.ts";
import { type CheckPlace, findCheck, isBefore } from "./read-spec-place.ts";
import type { Path } from "./read-spec-tree.ts";
import { shorten } from "./tell-value.ts";
import { TookTooLong } from "./within-time.ts";

/** A name whose value is known only when the test runs. */
export interface LateName {
  /** `captured in line 12`, `of the Secret db`. */
  readonly told: string;
  /** The check that captures it; undefined where the value is there when the test begins. */
  readonly from: CheckPlace | undefined;
}

/** What the names of a spec stand for. */
export interface Names {
  readonly known: Bindings;
  readonly late: ReadonlyMap<string, LateName>;
}

/** What an expression stands for: a value, a name whose value comes later, or nothing, and why. */
export type Found = { readonly value: unknown } | { readonly late: string } | { readonly fault: string };

/** Reads an expression that stands between `${` and `}` at a place of a spec. */
export function readExpression(expression: string, names: Names, path: Path): Found {
  const told = `\${${shorten(expression, 60)}}`;
  let read: readonly string[];
  try {
    read = listReadNames(expression);
  } catch (error) {
    return { fault: `expected a name or an expression (JMESPath), got ${told}: ${(error as Error).message}` };
  }
  const unknown = read.find((name) => !Object.hasOwn(names.known, name) && !names.late.has(name));
  if (unknown !== undefined) return { fault: tellUnknown(unknown, told, names) };
  const late = read.find((name) => !Object.hasOwn(names.known, name));
  if (late !== undefined) return readLate(late, expression, names, path);
  try {
    const value = evaluate(expression, names.known);
    return value === null || value === undefined ? { fault: tellNothing(expression, told, names) } : { value };
  } catch (error) {
    if (error instanceof ExpressionFault || error instanceof TookTooLong)
      return { fault: `expected a value, got none: ${error.message}` };
    throw error;
  }
}

/** What is known only when the test runs has to stand alone in a text of a check that comes after it. */
function readLate(name: string, expression: string, { late }: Names, path: Path): Found {
  const { told, from } = late.get(name) ?? { told: "known later", from: undefined };
  const check = findCheck(path);
  if (check === undefined || check.inside.length === 0) {
    return {
      fault: `expected a name that is known before the test runs, got ${name} (${told}), which only checks can use`,
    };
  }
  if (expression !== name) {
    return {
      fault: `expected \${${name}}, got \${${shorten(expression, 60)}}: there is no value yet to calculate with (${told})`,
    };
  }
  if (from === undefined || isBefore(from, check)) return { late: name };
  return { fault: `expected a name that is known by then, got ${name} (${told}), which is no earlier` };
}

/** Where a value comes from that a spec does not have by itself. */
const SOURCES: ReadonlyMap<string, string> = new Map([
  ["release", "release comes with the input release"],
  ["terraform", "terraform comes with outputs of terraform"],
]);

function tellUnknown(name: string, told: string, { known, late }: Names): string {
  const all = [...Object.keys(known), ...late.keys()].sort();
  const [near] = listNearNames(name, all, 1);
  const expected = near ?? (all.length === 0 ? "a name of spec.bindings" : `one of ${all.join(", ")}`);
  const source = SOURCES.get(name);
  const hint = source === undefined ? `a literal \${ is written $\${` : source;
  return `expected ${source === undefined ? expected : "a name that is known"}, got ${told}; ${hint}`;
}

/** Tells how far a path such as `release.services[0].name` leads. */
function tellNothing(expression: string, told: string, { known }: Names): string {
  const keys = /^\w+(?:\.\w+|\[\d+\])*$/.test(expression) ? expression.match(/\w+/g) : null;
  let value: unknown = known;
  for (const key of keys ?? []) {
    if (typeof value !== "object" || value === null) break;
    const below = Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
    if (below === undefined || below === null) {
      const has = Array.isArray(value) ? `a list of ${value.length}` : Object.keys(value).join(", ");
      return `expected a value, got none from ${told}: there is no ${key} in ${shorten(has || "what is empty", 120)}`;
    }
    value = below;
  }
  return `expected a value, got none from ${told}`;
}
