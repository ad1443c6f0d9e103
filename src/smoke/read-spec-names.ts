import { fieldOf, keysOf, listOf } from "./field-of.ts";
import type { Bindings } from "./fill.ts";
import type { LateName, Names } from "./read-spec-expression.ts";
import { fillTree } from "./read-spec-fill.ts";
import { type CheckPlace, findCheck } from "./read-spec-place.ts";
import type { Path, PlaceProblem, SpecTree } from "./read-spec-tree.ts";
import { RESERVED_NAMES } from "./reserved-names.ts";

/**
 * The names that a spec can use: the action's, its own bindings in their order, Secrets, and what its checks capture. A
 * value of the action counts instead of a binding of the same name.
 */
export function readNames(tree: SpecTree, given: Bindings, add: (problem: PlaceProblem) => void): Names {
  const late = new Map<string, LateName>();
  const known: Record<string, unknown> = { ...given };
  const seen = new Map<string, Path>();

  const isNew = (name: string, path: Path, at?: "key"): boolean => {
    const first = seen.get(name);
    seen.set(name, first ?? path);
    if (first === undefined) return true;
    const line = tree.locate(first).line;
    add({
      path,
      message: `expected a new name, got "${name}" as in line ${line}`,
      ...(at === undefined ? {} : { at }),
    });
    return false;
  };

  for (const [index, binding] of listOf(fieldOf(fieldOf(tree.value, "spec"), "bindings")).entries()) {
    const name = fieldOf(binding, "name");
    const path = ["spec", "bindings", index];
    if (typeof name !== "string") continue;
    if (RESERVED_NAMES.has(name)) {
      add({ path: [...path, "name"], message: `expected another name, got "${name}", which the action gives` });
      continue;
    }
    const fresh = isNew(name, [...path, "name"]) && !Object.hasOwn(given, name);
    const value = fieldOf(binding, "value");
    if (value !== undefined) {
      const filled = fillTree(value, { known, late }, [...path, "value"], add).value;
      if (fresh) known[name] = filled;
    } else if (fresh) late.set(name, { told: "of a Secret", from: undefined });
  }

  for (const { name, path, check } of listCaptures(tree.value)) {
    if (Object.hasOwn(given, name)) {
      add({ path, at: "key", message: `expected a new name, got "${name}", which the action gives` });
    } else if (isNew(name, path, "key")) {
      late.set(name, { told: `captured in line ${tree.locate(path, "key").line}`, from: check });
    }
    if (check.negated) add({ path, at: "key", message: "expected no captures of what must not hold, got one" });
  }
  return { known, late };
}

interface Capture {
  readonly name: string;
  readonly path: Path;
  readonly check: CheckPlace;
}

function listCaptures(value: unknown, path: Path = []): readonly Capture[] {
  const check = findCheck(path);
  if (check?.inside.length === 1 && check.kind === "http" && check.inside[0] === "captures") {
    return keysOf(value).map((name) => ({ name, path: [...path, name], check }));
  }
  if (Array.isArray(value)) return value.flatMap((one: unknown, index) => listCaptures(one, [...path, index]));
  return keysOf(value).flatMap((key) => listCaptures(fieldOf(value, key), [...path, key]));
}
