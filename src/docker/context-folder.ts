import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { IgnoreRules } from "../image/ignore.ts";
import { eachSideBySide } from "../kit/side-by-side.ts";
import { UserError } from "../kit/user-error.ts";

/** One thing in a build's context, as it would be sent to a builder. */
export interface ContextEntry {
  /** Relative to the context, with `/` between the parts. */
  readonly path: string;
  readonly kind: "file" | "folder" | "link";
  /** Permission bits. */
  readonly mode: number;
  /** Bytes; 0 for everything but files. */
  readonly size: number;
  /** What a link points at, as it is written. */
  readonly target?: string;
}

/**
 * The context after `.dockerignore`, in a fixed order. Links are kept as links and never followed, so that nothing
 * outside the folder gets in; sockets, pipes and devices are left out, as Docker leaves them.
 *
 * @throws UserError `context-unreadable` for what is not ignored and cannot be read, or has a name that is no UTF-8
 */
export async function listContext(root: string, rules: IgnoreRules): Promise<readonly ContextEntry[]> {
  const found: ContextEntry[] = [];
  const look = async (folder: string): Promise<void> => {
    const names = await readdir(join(root, folder), { encoding: "buffer" }).catch(unreadable(folder));
    for (const { name, whole } of names.map(decode).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = folder === "" ? name : `${folder}/${name}`;
      const ignored = rules.ignores(path);
      if (!whole) {
        if (ignored) continue;
        throw refuse(`the name of ${JSON.stringify(path)} is no UTF-8. Rename it, or name it in .dockerignore`);
      }
      const stats = await lstat(join(root, path)).catch(ignored ? () => undefined : unreadable(path));
      if (stats === undefined) continue;
      if (stats.isDirectory()) {
        if (!ignored) found.push({ path, kind: "folder", mode: stats.mode & 0o7777, size: 0 });
        if (!(ignored && rules.prunes(path))) await look(path);
      } else if (!ignored && stats.isSymbolicLink()) {
        found.push({ path, kind: "link", mode: 0o777, size: 0, target: await readlink(join(root, path)) });
      } else if (!ignored && stats.isFile()) {
        found.push({ path, kind: "file", mode: stats.mode & 0o7777, size: stats.size });
      }
    }
  };
  await look("");
  return found;
}

/** A name, and whether its bytes can be had back from it. */
function decode(bytes: Buffer): { readonly name: string; readonly whole: boolean } {
  const name = bytes.toString();
  return { name, whole: Buffer.from(name).equals(bytes) };
}

/** Takes what the system says of a path; what is no word of the system comes through as it is. */
function unreadable(path: string): (error: unknown) => never {
  return (error) => {
    const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    const mend = code === "ENOENT" ? "Let nothing write there during the build" : "Let the runner's user read it";
    throw refuse(
      `${JSON.stringify(path || ".")} cannot be read (${code}). ${mend}, or name it in .dockerignore`,
      error,
    );
  };
}

function refuse(what: string, cause?: unknown): UserError {
  return new UserError("context-unreadable", `context: ${what}.`, cause === undefined ? {} : { cause });
}

/** How many files are read side by side: enough for a disk, few enough for any limit of open files. */
const READERS = 16;

/** The SHA-256 of every file's content, in hex, by path. */
export async function hashFiles(root: string, entries: readonly ContextEntry[]): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, string>();
  const files = entries.filter(({ kind }) => kind === "file");
  await eachSideBySide(files, READERS, async ({ path }) => {
    const hash = createHash("sha256");
    await pipeline(createReadStream(join(root, path)), hash).catch(unreadable(path));
    hashes.set(path, hash.digest("hex"));
  });
  return hashes;
}
