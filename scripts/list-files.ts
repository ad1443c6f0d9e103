import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Matches no path. */
const NOTHING = /(?!)/;

/** The folders in a folder, sorted; none when it does not exist. */
export function listFolders(folder: string): readonly string[] {
  return listEntries(folder, (entry) => entry.isDirectory());
}

/** The files of a folder whose names end so, sorted; none when it does not exist. */
export function listFiles(folder: string, endings: readonly string[]): readonly string[] {
  return listEntries(folder, (entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)));
}

/**
 * The same below all sub-folders, as paths relative to the folder, with `/`.
 *
 * @param except folders, given as such a path that ends in `/`, that are not looked into.
 */
export function listFilesBelow(
  folder: string,
  endings: readonly string[],
  except = NOTHING,
  inside = "",
): readonly string[] {
  const folders = listFolders(folder).filter((name) => !except.test(`${inside}${name}/`));
  const below = folders.flatMap((name) => listFilesBelow(join(folder, name), endings, except, `${inside}${name}/`));
  return [...listFiles(folder, endings).map((name) => `${inside}${name}`), ...below];
}

function listEntries(
  folder: string,
  wanted: (entry: { name: string; isFile(): boolean; isDirectory(): boolean }) => boolean,
): readonly string[] {
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder, { withFileTypes: true }).filter(wanted);
  return found.map((entry) => entry.name).sort();
}
