import { cacheFolder } from "../cache-folder.ts";
import { type DebianTool, listDebianTools } from "./debian-tools.ts";
import { type GoTool, listGoTools } from "./go-tools.ts";
import { listNpmTools, type NpmTool } from "./npm-tools.ts";

/** A tool, with what its source needs to know to get it. */
export type KnownTool = GoTool | NpmTool | DebianTool;

/** Every real tool that there is a way to get. */
export function listTools(cache = cacheFolder()): readonly KnownTool[] {
  return [...listDebianTools(), ...listNpmTools(cache), ...listGoTools(cache)];
}

/**
 * The tools with these names; all when no name is given.
 *
 * @throws Error that names every unknown one
 */
export function chooseTools<T extends { readonly name: string }>(
  all: readonly T[],
  names: readonly string[],
): readonly T[] {
  const unknown = names.filter((name) => !all.some((tool) => tool.name === name));
  if (unknown.length > 0) {
    const known = all.map(({ name }) => name).join(", ");
    throw new Error(`no such tool: ${unknown.join(", ")}. There are ${known}`);
  }
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}
