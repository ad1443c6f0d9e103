import { homedir } from "node:os";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where tools that npm does not install are kept, each in a folder of its own that carries its version: outside the
 * repository, so that clones share them. `MAYFLY_CACHE` names another folder.
 */
export function cacheFolder(environment: Environment = process.env): string {
  const { MAYFLY_CACHE: named, XDG_CACHE_HOME: caches } = environment;
  return named || join(caches || join(homedir(), ".cache"), "mayfly");
}
