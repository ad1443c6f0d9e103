import { posix } from "node:path";

/** One import of a module, as it stands in a source. */
export interface Import {
  readonly line: number;
  /** The path from the root (`src/kit/input.ts`), `node:fs`, or the package (`@azure/identity`). */
  readonly target: string;
  /** True when nothing of it is left when the program runs. */
  readonly typesOnly: boolean;
}

const STATEMENT = /^(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"/gm;
const DYNAMIC = /\bimport\(\s*"([^"]+)"\s*\)/g;

/** Every import and re-export of a source, as Biome formats them. */
export function listImports(path: string, text: string): readonly Import[] {
  const lineAt = (index: number): number => text.slice(0, index).split("\n").length;
  const standing = [...text.matchAll(STATEMENT)].map(({ index, 1: type, 2: specifier = "" }) => ({
    line: lineAt(index),
    target: resolve(path, specifier),
    typesOnly: type !== undefined,
  }));
  const dynamic = [...text.matchAll(DYNAMIC)].map(({ index, 1: specifier = "" }) => ({
    line: lineAt(index),
    target: resolve(path, specifier),
    typesOnly: false,
  }));
  return [...standing, ...dynamic].sort((a, b) => a.line - b.line);
}

function resolve(from: string, specifier: string): string {
  if (specifier.startsWith(".")) return posix.join(posix.dirname(from), specifier);
  if (specifier.startsWith("node:")) return specifier;
  const [scope = "", name = ""] = specifier.split("/");
  return scope.startsWith("@") ? `${scope}/${name}` : scope;
}
