import { isAbsolute, join } from "node:path";
import type { Files } from "../../../../src/actions/helm-deploy/world.ts";

export const WORKSPACE = "/home/runner/shop";
export const SCRATCH = "/temp/mayfly-helm-1";
export const REPORTS = "/temp/mayfly-helm-report-1";

interface FakeFile {
  readonly content: string;
  readonly secret: boolean;
}

/** The disk of one job, in memory. */
export interface FakeFiles extends Files {
  readonly all: Map<string, FakeFile>;
  put(path: string, content: string): void;
}

export function createFiles(): FakeFiles {
  const all = new Map<string, FakeFile>();
  const write = (path: string, content: string, secret: boolean): string => {
    all.set(path, { content, secret });
    return path;
  };
  return {
    all,
    put: (path, content) => void write(path, content, false),
    resolve: (path) => (isAbsolute(path) ? path : join(WORKSPACE, path)),
    read: async (path) => {
      const found = all.get(path);
      return found && Buffer.from(found.content);
    },
    kindOf: async (path) => {
      if (all.has(path)) return "file";
      return [...all.keys()].some((one) => one.startsWith(`${path}/`)) ? "folder" : undefined;
    },
    list: async (folder) =>
      [...all.keys()].filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1)),
    makeFolder: async (name) => join(SCRATCH, name),
    writeSecret: async (name, content) => write(join(SCRATCH, name), content, true),
    writeReport: async (name, content) => write(join(REPORTS, name), content, false),
  };
}
