import { mkdir, mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { Files } from "./world.ts";

/**
 * The files of the job, a folder of our own that goes with the step, and one for reports that stays as long as the job.
 */
export function connectFiles(workspace: string, scratch: string, tempFolder: string): Files {
  let reports: Promise<string> | undefined;
  return {
    resolve: (path) => (isAbsolute(path) ? path : resolve(workspace, path)),
    read: (path) => readFile(path).catch(whenMissing(undefined)),
    kindOf: async (path) => {
      const found = await stat(path).catch(whenMissing(undefined));
      return found === undefined ? undefined : found.isDirectory() ? "folder" : "file";
    },
    list: (folder) => readdir(folder, { recursive: true }).catch(whenMissing([] as readonly string[])),
    makeFolder: async (name) => {
      const path = join(scratch, name);
      await mkdir(path, { recursive: true, mode: 0o700 });
      return path;
    },
    writeSecret: async (name, content) => {
      const path = join(scratch, name);
      await writeFile(path, content, { mode: 0o600 });
      return path;
    },
    writeReport: async (name, content) => {
      reports ??= mkdtemp(join(tempFolder, "mayfly-helm-report-"));
      const path = join(await reports, name);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(path, content, { mode: 0o600 });
      return path;
    },
  };
}

function whenMissing<T>(value: T): (error: unknown) => T {
  return (error) => {
    const { code } = (error ?? {}) as { readonly code?: unknown };
    if (code === "ENOENT" || code === "ENOTDIR") return value;
    throw error;
  };
}
