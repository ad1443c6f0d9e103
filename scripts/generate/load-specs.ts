import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ActionSpec } from "../../src/kit/define-action.ts";
import { listFolders } from "../list-files.ts";

/** The spec of every src/actions/<folder>/spec.ts, by folder, in the order of their names. */
export async function loadSpecs(root: string): Promise<ReadonlyMap<string, ActionSpec>> {
  const specs = new Map<string, ActionSpec>();
  for (const folder of listFolders(join(root, "src/actions"))) {
    const file = join(root, "src/actions", folder, "spec.ts");
    if (!existsSync(file)) continue;
    const module: { readonly spec?: ActionSpec } = await import(pathToFileURL(file).href);
    if (module.spec === undefined) throw new Error(`src/actions/${folder}/spec.ts exports no "spec"`);
    specs.set(folder, module.spec);
  }
  return specs;
}
