import { createWriteStream } from "node:fs";
import { chmod, link, mkdir, symlink, utimes } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { TaskFailure } from "./failure.ts";

/**
 * Unpacks an uploaded context into a folder, as the agent does.
 * @throws TaskFailure where it is no tar.gz, or names a place outside of the folder
 */
export async function unpack(source: Readable, folder: string): Promise<void> {
  const { extract } = await import("tar-stream");
  const archive = extract();
  const unpacked = (async () => {
    for await (const entry of archive) {
      const { name, type, mode = 0o644, mtime, linkname } = entry.header;
      const path = inside(folder, name);
      await mkdir(type === "directory" ? path : dirname(path), { recursive: true });
      if (type === "file" || type === "contiguous-file") await pipeline(entry, createWriteStream(path));
      else entry.resume();
      if (type === "symlink") await symlink(linkname ?? "", path);
      if (type === "link") await link(inside(folder, linkname ?? ""), path);
      if (type === "symlink") continue;
      await chmod(path, mode | (type === "directory" ? 0o700 : 0o400));
      if (mtime !== undefined && type !== "directory") await utimes(path, mtime, mtime);
    }
  })();
  const fed = pipeline(source, createGunzip(), archive);
  try {
    await Promise.all([fed, unpacked]);
  } catch (failure) {
    await Promise.allSettled([fed, unpacked]);
    if (failure instanceof TaskFailure) throw failure;
    throw new TaskFailure(`failed to untar: ${failure instanceof Error ? failure.message : failure}`);
  }
}

/** As tar does it: a slash in front means nothing, and az packs the folder itself as `/`. */
function inside(folder: string, name: string): string {
  const path = normalize(name).replace(/^\/+/, "");
  if (path.split("/").includes("..")) {
    throw new TaskFailure(`failed to untar: ${name} lies outside of the workspace`);
  }
  return join(folder, path);
}
