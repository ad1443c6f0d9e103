import { glob, readFile, stat } from "node:fs/promises";
import { relative, resolve } from "node:path";
import type { SpecFiles } from "./spec-files.ts";

/** Specs below the job's workspace, or wherever an absolute path leads. */
export function connectSpecFiles(workspace: string): SpecFiles {
  /** One name for each file, however it was written: as annotations want it where the workspace has it. */
  const nameFile = (path: string): string => {
    const whole = resolve(workspace, path);
    const below = relative(workspace, whole);
    return below.startsWith("..") ? whole : below;
  };
  return {
    find: async (pattern) => {
      // A file may be called what looks like a glob.
      if (await isFile(resolve(workspace, pattern))) return [nameFile(pattern)];
      const found: string[] = [];
      for await (const path of glob(pattern, { cwd: workspace })) {
        if (await isFile(resolve(workspace, path))) found.push(nameFile(path));
      }
      return found.toSorted();
    },
    read: (path) => readFile(resolve(workspace, path), "utf8"),
  };
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
