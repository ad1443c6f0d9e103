import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { listFilesBelow } from "../list-files.ts";

const OWNER_MAY_EXECUTE = 0o100;

/** How the folder `stands` differs from `should`, byte for byte, one line a file; nothing when it does not. */
export function compareFolders(stands: string, should: string): readonly string[] {
  const have = new Set(listFilesBelow(stands, [""]));
  const want = new Set(listFilesBelow(should, [""]));
  return [...new Set([...have, ...want])].sort().flatMap((file) => {
    if (!have.has(file)) return [`${file}: is missing`];
    if (!want.has(file)) return [`${file}: is no longer built`];
    return compareFiles(join(stands, file), join(should, file)).map((difference) => `${file}: ${difference}`);
  });
}

function compareFiles(stands: string, should: string): readonly string[] {
  const executable = (file: string): boolean => (statSync(file).mode & OWNER_MAY_EXECUTE) !== 0;
  const bytes = readFileSync(stands);
  const wanted = readFileSync(should);
  return [
    // Git keeps no other bit of a file's mode.
    ...(executable(stands) === executable(should)
      ? []
      : [`executable: ${executable(stands)}, built: ${executable(should)}`]),
    ...(bytes.equals(wanted) ? [] : [describeBytes(bytes, wanted)]),
  ];
}

function describeBytes(stands: Buffer, should: Buffer): string {
  const differing = stands.findIndex((byte, index) => byte !== should[index]);
  const at = differing < 0 ? stands.length : differing;
  const line = stands.subarray(0, at).toString("latin1").split("\n").length;
  const excerpt = (bytes: Buffer): string => JSON.stringify(bytes.subarray(at, at + 80).toString("utf8"));
  return `${stands.length} bytes, built: ${should.length}; from line ${line} on: ${excerpt(stands)}, built: ${excerpt(should)}`;
}
