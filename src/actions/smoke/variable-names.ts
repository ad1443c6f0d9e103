import { RESERVED_NAMES } from "../../smoke/reserved-names.ts";

/** What is wrong with the names of variables. */
export function listVariableFaults(variables: Readonly<Record<string, string>>, input: string): readonly string[] {
  return Object.keys(variables).flatMap((name) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      return [`${input}: expected names of letters, digits and _, got "${name}"`];
    if (RESERVED_NAMES.has(name)) return [`${input}: "${name}" has a meaning of its own; use another name`];
    return [];
  });
}
