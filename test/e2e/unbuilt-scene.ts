import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packScript } from "../../scripts/build/script.ts";
import { repositoryRoot } from "./scene.ts";

/**
 * The tree whose actions run: the committed one, or, while its dist lacks some of these actions, a copy in the folder
 * that runs those from their sources. With MAYFLY_SOURCES all of them run so, to see a change before it is built.
 */
export function findBuilt(folder: string, actions: readonly string[]): string {
  const unbuilt = (name: string): boolean => !existsSync(join(repositoryRoot, "dist", name));
  const missing = process.env["MAYFLY_SOURCES"] ? actions : actions.filter(unbuilt);
  if (missing.length === 0) return repositoryRoot;
  process.stderr.write(`  not from dist, but from their sources: ${missing.join(", ")}\n`);
  const copy = join(folder, "repository");
  for (const part of ["actions", "dist", "package.json"]) {
    cpSync(join(repositoryRoot, part), join(copy, part), { recursive: true });
  }
  for (const name of missing) runSources(name, join(copy, "dist", name));
  return copy;
}

function runSources(name: string, dist: string): void {
  const sources = join(repositoryRoot, "src/actions", name);
  mkdirSync(dist, { recursive: true });
  for (const stage of ["index", "post"]) {
    const source = join(sources, `${stage}.ts`);
    if (existsSync(source)) writeFileSync(join(dist, `${stage}.js`), `await import(${JSON.stringify(source)});\n`);
  }
  const plugin = join(sources, "plugin.ts");
  if (existsSync(plugin)) packScript(plugin, join(dist, "plugin.cjs"));
}
