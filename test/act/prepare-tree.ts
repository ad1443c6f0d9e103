import { cpSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { prepareFile } from "./prepare-file.ts";
import type { RunFacts } from "./unknown-contexts.ts";

/** What act copies for each `uses:`; everything else would only make it slow. */
const PARTS = ["actions", "dist", ".github/workflows", "package.json"];

/**
 * Copies what a runner downloads of the actions' repository, as act can read it. The sources stay as they are.
 *
 * @param dist a build to take instead of the committed one
 */
export function prepareActions(root: string, to: string, facts: RunFacts, dist = join(root, "dist")): void {
  for (const part of PARTS) {
    const from = part === "dist" ? dist : join(root, part);
    if (!existsSync(from)) continue;
    mkdirSync(dirname(join(to, part)), { recursive: true });
    cpSync(from, join(to, part), { recursive: true });
  }
  prepareYaml(to, facts, ["actions/**/action.yml", ".github/workflows/*.yml"]);
}

/** Rewrites workflows and actions of a folder that is a copy. */
export function prepareYaml(
  folder: string,
  facts: RunFacts,
  patterns = [".github/workflows/*.{yml,yaml}", "**/action.{yml,yaml}"],
): void {
  for (const file of globSync([...patterns], { cwd: folder })) {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    const prepared = prepareFile(text, file, facts);
    if (prepared !== text) writeFileSync(path, prepared);
  }
}
