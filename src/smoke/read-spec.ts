import * as v from "valibot";
import { checkTree } from "./check-tree.ts";
import { fieldOf, keysOf } from "./field-of.ts";
import type { Bindings } from "./fill.ts";
import { fillTree } from "./read-spec-fill.ts";
import { readIssues, tellExpected } from "./read-spec-issues.ts";
import { readNames } from "./read-spec-names.ts";
import { listNamesakes } from "./read-spec-namesakes.ts";
import { findCheck } from "./read-spec-place.ts";
import { type Defaults, readSteps } from "./read-spec-steps.ts";
import { type Path, type PlaceProblem, readTree, type SpecTree } from "./read-spec-tree.ts";
import type { SmokeTest } from "./smoke-test.ts";
import { document } from "./spec/document.ts";

/** Something that is wrong with a spec; line and column are counted from 1. */
export interface SpecProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** `expected …, got …` */
  readonly message: string;
}

/**
 * Reads a spec: YAML of one document, with `${…}` filled in where it is known, all of it valid. Otherwise everything that
 * is wrong, in the order of the file, each thing once.
 *
 * A scalar that is one `${…}` as a whole becomes the value itself, of whatever type; inside of a text it becomes a part of
 * the text. Secrets and captures are not known yet: `fill` puts them in just before a check is taken.
 *
 * @param defaults for what the spec does not say; milliseconds
 */
export function readSpec(
  source: { readonly file: string; readonly text: string },
  bindings: Bindings,
  defaults: Defaults,
): { readonly value: SmokeTest } | { readonly problems: readonly SpecProblem[] } {
  const tree = readTree(source.text);
  const found: PlaceProblem[] = [...tree.problems];
  const tell = () => ({ problems: renderProblems(found, tree, source.file) });
  if (tree.value === undefined) return tell();

  const add = (problem: PlaceProblem): unknown => found.push(problem);
  const names = readNames(tree, bindings, add);
  // What is wrong with the values of bindings is told by now.
  const filled = fillTree(tree.value, names, [], (problem) => isOfBinding(problem.path) || add(problem));
  const told = new Set(found.map(({ path, at }) => JSON.stringify([path, at])));
  const isNew = ({ path, at }: PlaceProblem): boolean => !told.has(JSON.stringify([path, at]));

  const read = v.safeParse(document, filled.value, { message: tellExpected });
  found.push(...readIssues(read.issues ?? [], filled.value, tree).filter(isNew));
  found.push(...listNamesakes(filled.value, tree), ...checkTrees(filled.value, []).filter(isNew));
  if (found.length > 0 || !read.success) return tell();
  return { value: readSteps(read.output, source.file, { defaults, tree, names, template: filled.template }) };
}

function isOfBinding(path: Path): boolean {
  return path[1] === "bindings" && path[3] === "value";
}

/** What is wrong in the trees that objects are compared with. */
function checkTrees(value: unknown, path: Path): readonly PlaceProblem[] {
  const check = findCheck(path);
  if (check?.kind === "resources" && check.inside.length === 1 && check.inside[0] === "assert") {
    if (keysOf(value).length === 0 && (typeof value !== "object" || value === null)) return [];
    return checkTree(value, path);
  }
  if (Array.isArray(value)) return value.flatMap((one: unknown, index) => checkTrees(one, [...path, index]));
  return keysOf(value).flatMap((key) => checkTrees(fieldOf(value, key), [...path, key]));
}

function renderProblems(problems: readonly PlaceProblem[], tree: SpecTree, file: string): readonly SpecProblem[] {
  const all = problems.map(({ path, at, message }) => ({ file, ...tree.locate(path, at), message }));
  const once = new Map(all.map((problem) => [`${problem.line}:${problem.column}:${problem.message}`, problem]));
  return [...once.values()].sort((one, other) => one.line - other.line || one.column - other.column);
}
