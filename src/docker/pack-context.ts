import { createReadStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { type Pack, pack } from "tar-stream";
import type { ContextEntry } from "./context-folder.ts";

export interface PackedContext {
  /** The tar.gz; it fails when a file cannot be read or has changed its size meanwhile. */
  readonly stream: Readable;
  /** Bytes of files packed so far. */
  packed(): number;
}

/** A fast level: what is sent once over a fast network is not worth more time. */
const GZIP_LEVEL = 1;

/**
 * Packs a context as a tar.gz that is never whole in memory or on disk. Owners are left out and times are zero: a builder
 * takes neither into account for its cache, and the same content gives the same bytes.
 *
 * @param added files that stand in the archive only, such as the Dockerfile under a name of its own.
 */
export function packContext(
  root: string,
  entries: readonly ContextEntry[],
  added: readonly { readonly path: string; readonly content: string }[] = [],
): PackedContext {
  const archive = pack();
  let packed = 0;
  const fill = async (): Promise<void> => {
    for (const { path, content } of added) archive.entry({ name: path, mode: 0o644, mtime: EPOCH }, content);
    for (const entry of entries) {
      await addEntry(archive, root, entry);
      packed += entry.size;
    }
    archive.finalize();
  };
  // tar-stream has a stream of its own kind; Node's gzip and its errors need a Node stream.
  const gzip = createGzip({ level: GZIP_LEVEL });
  void pipeline(Readable.from(archive), gzip).catch((error: Error) => gzip.destroy(error));
  void fill().catch((error: Error) => archive.destroy(error));
  return { stream: gzip, packed: () => packed };
}

const EPOCH = new Date(0);

async function addEntry(archive: Pack, root: string, entry: ContextEntry): Promise<void> {
  const header = { mode: entry.mode, mtime: EPOCH };
  if (entry.kind === "folder") {
    archive.entry({ ...header, name: `${entry.path}/`, type: "directory" });
    return;
  }
  if (entry.kind === "link") {
    archive.entry({ ...header, name: entry.path, type: "symlink", linkname: entry.target ?? "" });
    return;
  }
  const sink = archive.entry({ ...header, name: entry.path, size: entry.size });
  await pipeline(createReadStream(join(root, entry.path)), sink as unknown as NodeJS.WritableStream);
}
