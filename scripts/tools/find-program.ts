import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Where Debian puts programs of administrators and plugins of pods' networks, and Go's own installer puts go: often not
 * on a user's path.
 */
const SYSTEM = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/go/bin", "/usr/lib/cni"];

/** The path of a program on PATH or in the system's own folders. */
export function findProgram(name: string, path = process.env["PATH"] ?? ""): string | undefined {
  const folders = [...path.split(delimiter).filter((folder) => folder !== ""), ...SYSTEM];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
