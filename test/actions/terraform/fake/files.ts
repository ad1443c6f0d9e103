import { dirname, join } from "node:path";
import type { Files } from "../../../../src/actions/terraform/world.ts";

/** The disk of one job, in memory. */
export interface FakeFiles extends Files {
  readonly all: Map<string, Buffer>;
  put(path: string, content: string | Buffer): void;
}

export function createFiles(scratch: string, all: Map<string, Buffer> = new Map()): FakeFiles {
  const files: FakeFiles = {
    all,
    put: (path, content) => void all.set(path, Buffer.from(content)),
    readConfiguration: async (folder) => {
      const inside = [...all].filter(([path]) => dirname(path) === folder);
      if (![...all.keys()].some((path) => path.startsWith(`${folder}/`))) return undefined;
      return inside
        .filter(([path]) => /\.(?:tf|tofu)(?:\.json)?$/.test(path))
        .map(([path, bytes]) => ({ name: path.slice(folder.length + 1), text: bytes.toString("utf8") }));
    },
    read: async (path) => all.get(path),
    writeSecret: async (name, content) => {
      files.put(join(scratch, name), content);
      return join(scratch, name);
    },
    pathOf: (name) => join(scratch, name),
    remove: async (path) => void all.delete(path),
  };
  return files;
}
