import * as v from "valibot";
import { readExpression } from "./compare-tree.ts";
import { checkExpression } from "./expression.ts";
import { matcher } from "./spec/matcher.ts";

/** A place in a tree, by keys and indexes, and what is wrong there. */
export interface TreeProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const OPERATORS: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">="]);

/** Everything that is wrong in a tree for `compareTree`, before any object is seen. */
export function checkTree(tree: unknown, path: readonly (string | number)[] = []): readonly TreeProblem[] {
  if (Array.isArray(tree)) return tree.flatMap((one: unknown, index) => checkTree(one, [...path, index]));
  if (typeof tree !== "object" || tree === null) return [];
  const entries = Object.entries(tree);
  if (entries.length === 0 && path.length === 0) return [{ path, message: "an empty mapping asks for nothing" }];
  if (entries.some(([key]) => OPERATORS.has(key))) {
    // No object has such a key, so that it can only be meant as a predicate.
    const found = v.safeParse(matcher, tree);
    return found.success
      ? []
      : [{ path, message: "expected predicates such as {'>=': 2}, and no other keys beside them" }];
  }
  return entries.flatMap(([key, below]) => {
    const fault = checkKey(key);
    const problem =
      fault === undefined ? [] : [{ path: [...path, key], message: `${key} is no expression (JMESPath): ${fault}` }];
    return [...problem, ...checkTree(below, [...path, key])];
  });
}

/** What is wrong with a key; undefined when nothing is. */
function checkKey(key: string): string | undefined {
  const expression = readExpression(key);
  if (expression !== undefined) return checkExpression(expression);
  // The name of a field has none.
  return key.startsWith("(") ? "an opening parenthesis without its closing one" : undefined;
}
