import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type BuildFolder, openBuildFolder } from "./build-folder.ts";
import { findProgram } from "./find-program.ts";
import type { NpmTool } from "./npm-tools.ts";
import { onlyOne } from "./only-one.ts";
import { runQuietly } from "./run-quietly.ts";
import { titleOf } from "./tool.ts";
import type { Workshop } from "./workshop.ts";

/**
 * Installs tools from npm, each into a folder of its own. Nothing of a package is run while it is installed.
 *
 * @returns what failed, one text for each tool
 */
export async function installNpmTools(tools: readonly NpmTool[], workshop: Workshop): Promise<readonly string[]> {
  const [first] = tools;
  if (first === undefined) return [];
  const failures: string[] = [];
  const cache = dirname(first.folder);
  await onlyOne(
    `npm-${cache}`,
    () => workshop.info(`${tools.map(titleOf).join(", ")}: waiting for another run that installs tools`),
    async () => {
      await using folder = await openBuildFolder(cache);
      for (const tool of tools) {
        // Whoever was waited for may have installed it.
        if (tool.find() !== undefined) continue;
        const done = `installed in ${tool.folder}`;
        const failed = await workshop.work(tool, done, () => installNpmTool(tool, folder, workshop));
        if (failed !== undefined) failures.push(failed);
      }
    },
  );
  return failures;
}

async function installNpmTool(tool: NpmTool, folder: BuildFolder, { cancelled }: Workshop): Promise<void> {
  const npm = findProgram("npm");
  if (npm === undefined) throw new Error("it comes from npm, and there is no npm on PATH: https://nodejs.org");
  const place = join(folder.path, tool.name);
  await mkdir(place);
  for (const file of ["package.json", "package-lock.json"]) {
    await copyFile(join(tool.project, file), join(place, file));
  }
  await runQuietly({
    command: npm,
    parameters: ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"],
    cwd: place,
    env: process.env,
    cancelled,
  });
  await writeFile(join(place, "recipe"), tool.recipe);
  await folder.publish(tool.name, tool.folder);
}
