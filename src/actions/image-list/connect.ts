import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Runner } from "../../kit/runner.ts";
import type { World } from "./world.ts";

/** The files of the job's workspace. */
export function connect(runner: Runner): World {
  const workspace = runner.environment["GITHUB_WORKSPACE"] || process.cwd();
  return {
    readText: (path) => readFile(resolve(workspace, path), "utf8").catch(nothingThere),
    listRecords: async (folder) => {
      const names = (await readdir(resolve(workspace, folder)).catch(nothingThere)) ?? [];
      return names
        .filter((name) => /^image-.*\.json$/.test(name))
        .sort()
        .map((name) => join(folder, name));
    },
    log: runner.log,
    summarize: runner.summarize,
  };
}

function nothingThere(error: NodeJS.ErrnoException): undefined {
  if (["ENOENT", "ENOTDIR", "EISDIR"].includes(error.code ?? "")) return undefined;
  throw error;
}
