import { cp, mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { openBuildFolder } from "./build-folder.ts";
import { findProgram } from "./find-program.ts";
import type { GoTool } from "./go-tools.ts";
import { onlyOne } from "./only-one.ts";
import { runQuietly } from "./run-quietly.ts";
import { titleOf } from "./tool.ts";
import type { Workshop } from "./workshop.ts";

/**
 * Builds Go tools one after the other; Go itself keeps all cores busy. Go's caches grow to gigabytes, so they are
 * ours, below the cache folder, shared by the tools of this call and gone after it.
 *
 * @returns what failed, one text for each tool
 */
export async function buildGoTools(tools: readonly GoTool[], workshop: Workshop): Promise<readonly string[]> {
  const [first] = tools;
  if (first === undefined) return [];
  const failures: string[] = [];
  const title = tools.map(titleOf).join(", ");
  const cache = dirname(first.folder);
  await onlyOne(
    `go-${cache}`,
    () => workshop.info(`${title}: waiting for another run that builds tools`),
    async () => {
      await using folder = await openBuildFolder(cache);
      for (const tool of tools) {
        // Whoever was waited for may have built it.
        if (tool.find() !== undefined) continue;
        const failed = await workshop.work(tool, `built in ${tool.folder}`, () => buildGoTool(tool, folder, workshop));
        if (failed !== undefined) failures.push(failed);
      }
    },
  );
  return failures;
}

async function buildGoTool(
  tool: GoTool,
  folder: Awaited<ReturnType<typeof openBuildFolder>>,
  { cancelled }: Workshop,
): Promise<void> {
  const go = findProgram("go");
  if (go === undefined) throw new Error("it is built with Go, and there is no go on PATH: https://go.dev/dl");
  const output = join(folder.path, tool.name);
  const bin = join(output, "bin");
  await mkdir(bin, { recursive: true });
  const [verb = "", ...rest] = tool.arguments;
  const modules = join(folder.path, "go-modules");
  await runQuietly({
    command: go,
    parameters: [verb, `-o=${bin}/`, ...rest],
    cwd: tool.module,
    env: {
      ...process.env,
      CGO_ENABLED: "0",
      GOFLAGS: "",
      GOWORK: "off",
      GOCACHE: join(folder.path, "go-cache"),
      GOMODCACHE: modules,
      GOTMPDIR: folder.path,
    },
    cancelled,
  });
  for (const [name, known] of tool.names) if (known !== name) await rename(join(bin, name), join(bin, known));
  for (const kept of tool.keep.folders) {
    await cp(join(modules, tool.keep.from, kept), join(output, "kept", kept), { recursive: true });
  }
  await writeFile(join(output, "recipe"), tool.recipe);
  await folder.publish(tool.name, tool.folder);
}
