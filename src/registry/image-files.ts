import { createReadStream } from "node:fs";
import { lstat, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import type { Readable } from "node:stream";
import { UserError } from "../kit/user-error.ts";
import { readBytes } from "./checked-stream.ts";

/** The files of an image on disk: a folder, or an archive that is read where it lies. Names have slashes and no `..`. */
export interface ImageFiles {
  /** The path that was given. */
  readonly label: string;
  /** Bytes; undefined when there is no such file. */
  size(name: string): Promise<number | undefined>;
  /** @throws UserError `broken-image` when there is no such file */
  open(name: string): Promise<Readable>;
}

/** What an index or a manifest may have at most; registries take no larger one. */
const MOST_BYTES = 4 * 1024 * 1024;

/** The files below a folder. A link counts only where it leads to another file of the folder. */
export function readFolder(folder: string): ImageFiles {
  const find = async (name: string): Promise<{ readonly path: string; readonly size: number } | undefined> => {
    const path = await realpath(join(folder, name)).catch(() => undefined);
    if (path === undefined) return undefined;
    if (!path.startsWith(`${await realpath(folder)}${sep}`)) {
      throw breakOff(folder, `${name} is a link that leads out of it`);
    }
    const found = await lstat(path);
    return found.isFile() ? { path, size: found.size } : undefined;
  };
  return {
    label: folder,
    size: async (name) => (await find(name))?.size,
    open: async (name) => {
      const found = await find(name);
      if (found === undefined) throw breakOff(folder, `${name} is missing`);
      return createReadStream(found.path);
    },
  };
}

/** A small file as parsed JSON; undefined when there is none. @throws UserError `broken-image` */
export async function readJson(files: ImageFiles, name: string): Promise<unknown> {
  if ((await files.size(name)) === undefined) return undefined;
  const bytes = await readSmall(files, name);
  try {
    return JSON.parse(bytes.toString());
  } catch {
    throw breakOff(files.label, `${name} is no JSON`);
  }
}

/** A small file. @throws UserError `broken-image` for one that is missing or over 4 MiB */
export async function readSmall(files: ImageFiles, name: string): Promise<Buffer> {
  const tooLarge = (): UserError => breakOff(files.label, `${name} has over 4 MiB`);
  if (((await files.size(name)) ?? 0) > MOST_BYTES) throw tooLarge();
  return readBytes(await files.open(name), MOST_BYTES, tooLarge);
}

/** The error for an image on disk that cannot be used. */
export function breakOff(label: string, what: string, cause?: unknown): UserError {
  const text = `The image in ${label} is broken: ${what}. Build or save it again.`;
  return new UserError("broken-image", text, cause === undefined ? {} : { cause });
}
