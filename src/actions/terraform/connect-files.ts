import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Files } from "./world.ts";

/** The files of the job, and a folder of our own. */
export function connectFiles(scratch: string): Files {
  return {
    readConfiguration: async (folder) => {
      if (!existsSync(folder)) return undefined;
      const names = (await readdir(folder)).filter((name) => /\.(?:tf|tofu)(?:\.json)?$/.test(name)).sort();
      return Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, name), "utf8") })));
    },
    read: async (path) => {
      try {
        return await readFile(path);
      } catch (error) {
        if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) {
          return undefined;
        }
        throw error;
      }
    },
    writeSecret: async (name, content) => {
      const path = join(scratch, name);
      await writeFile(path, content, { mode: 0o600 });
      return path;
    },
    pathOf: (name) => join(scratch, name),
    remove: (path) => rm(path, { force: true }),
  };
}
