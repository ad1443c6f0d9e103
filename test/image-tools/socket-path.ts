import { join } from "node:path";

/** The kernel's limit, without the closing zero. */
const LONGEST = 107;

/**
 * Where a daemon listens in its folder.
 *
 * @throws Error when the kernel would not take a path that long
 */
export function socketPath(folder: string): string {
  const path = join(folder, "sock");
  if (Buffer.byteLength(path) <= LONGEST) return path;
  throw new Error(`${path} is longer than the ${LONGEST} bytes of a socket's path. Take a shorter scratch folder`);
}
