import { fieldOf, listOf } from "./field-of.ts";
import type { Path, PlaceProblem, SpecTree } from "./read-spec-tree.ts";

interface Named {
  readonly name: string;
  readonly path: Path;
}

/** Steps of a spec, and checks of a step, that have the same name: reports tell them apart by it. */
export function listNamesakes(value: unknown, tree: SpecTree): readonly PlaceProblem[] {
  const steps = ["spec", "steps"];
  const each = listOf(fieldOf(fieldOf(value, "spec"), "steps"));
  return [
    ...listRepeated(listNamed(each, steps), "step", tree),
    ...each.flatMap((step, index) => {
      const named = ["try", "finally"].flatMap((part) =>
        listOf(fieldOf(step, part)).flatMap((entry, at) => {
          const path = [...steps, index, part, at];
          const aside = listNamed(listOf(fieldOf(entry, "parallel")), [...path, "parallel"]);
          return [...listNamed([entry], path, true), ...aside];
        }),
      );
      return listRepeated(named, "check of the step", tree);
    }),
  ];
}

function listNamed(values: readonly unknown[], path: Path, alone = false): readonly Named[] {
  return values.flatMap((value, index) => {
    const name = fieldOf(value, "name");
    return typeof name === "string" ? [{ name, path: [...path, ...(alone ? [] : [index]), "name"] }] : [];
  });
}

function listRepeated(named: readonly Named[], what: string, tree: SpecTree): readonly PlaceProblem[] {
  return named.flatMap(({ name, path }, index) => {
    const first = named.slice(0, index).find((other) => other.name === name);
    if (first === undefined) return [];
    const message = `expected a name of its own for each ${what}, got "${name}" as in line ${tree.locate(first.path).line}`;
    return [{ path, message }];
  });
}
