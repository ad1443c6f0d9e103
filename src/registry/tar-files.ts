import { createReadStream } from "node:fs";
import { posix } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract, type Header } from "tar-stream";
import { breakOff, type ImageFiles } from "./image-files.ts";

/** Images have some dozens of files. */
const MOST_ENTRIES = 100_000;
const MOST_LINKS = 8;

type Entry =
  | { readonly kind: "file"; readonly offset: number; readonly size: number }
  /** docker save writes a layer that an image has twice as a link to the first. */
  | { readonly kind: "link"; readonly to: string };

/**
 * The files of a tar archive, read where they lie: nothing is unpacked, so that no name and no link in it can reach
 * anything else.
 *
 * @throws UserError `broken-image` for what is no tar archive, and for names or links that lead out of it
 */
export async function readTar(path: string, label = path): Promise<ImageFiles> {
  const entries = await listEntries(path, label);
  const find = (name: string, depth = 0): { readonly offset: number; readonly size: number } | undefined => {
    const entry = entries.get(name);
    if (entry === undefined || entry.kind === "file") return entry;
    if (depth >= MOST_LINKS) throw breakOff(label, `its link ${name} leads nowhere`);
    return find(entry.to, depth + 1);
  };
  return {
    label,
    size: async (name) => find(name)?.size,
    open: async (name) => {
      const entry = find(name);
      if (entry === undefined) throw breakOff(label, `${name} is missing`);
      const { offset, size } = entry;
      return size === 0 ? Readable.from([]) : createReadStream(path, { start: offset, end: offset + size - 1 });
    },
  };
}

async function listEntries(path: string, label: string): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>();
  const reader = extract();
  reader.on("entry", (header, content, next) => {
    // What ends the archive is told by the archive.
    content.on("error", () => undefined);
    try {
      if (entries.size >= MOST_ENTRIES) throw breakOff(label, `it has over ${MOST_ENTRIES} entries`);
      const name = clean(header.name, label);
      const entry = readEntry(header, name, label);
      if (entry !== undefined) entries.set(name, entry);
      content.on("end", () => next());
      content.resume();
    } catch (error) {
      next(error instanceof Error ? error : new Error(String(error)));
    }
  });
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), reader);
  } catch (error) {
    if (error instanceof Error && error.name === "UserError") throw error;
    throw breakOff(label, "it is no tar archive, or ends in the middle", error);
  }
  return entries;
}

function readEntry(header: Header, name: string, label: string): Entry | undefined {
  const { size = 0, type, linkname } = header;
  // tar-stream tells where the content begins; its types do not know.
  const { byteOffset } = header as { readonly byteOffset?: number };
  switch (type) {
    case "file":
    case "contiguous-file":
      if (byteOffset === undefined) throw new Error("tar-stream does not tell where a file begins");
      return { kind: "file", offset: byteOffset, size };
    case "symlink":
      return { kind: "link", to: clean(resolveLink(name, linkname), label) };
    case "link":
      return { kind: "link", to: clean(linkname, label) };
    default:
      return undefined;
  }
}

function resolveLink(name: string, to: string): string {
  return posix.isAbsolute(to) ? to : posix.join(posix.dirname(name), to);
}

/** `./a//b` is `a/b`. @throws UserError for a name that leads out of the archive */
function clean(name: string, label: string): string {
  const path = posix.normalize(name);
  if (path === ".." || path.startsWith("../") || posix.isAbsolute(path) || path.includes("\0")) {
    throw breakOff(label, `${JSON.stringify(name)} leads out of it`);
  }
  return path.replace(/\/$/, "");
}
