import { randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

/** A folder to build in, beside the finished tools. It is gone when it is disposed of. */
export interface BuildFolder extends AsyncDisposable {
  readonly path: string;
  /**
   * Moves a folder below this one to its place in one step, so that a build that was killed leaves nothing that looks
   * finished. A folder that is there already gives way.
   */
  publish(name: string, place: string): Promise<void>;
}

const PREFIX = "building-";

/** Makes a build folder in the cache, and removes those whose process did not live to do it. */
export async function openBuildFolder(cache: string): Promise<BuildFolder> {
  await mkdir(cache, { recursive: true });
  await removeOrphans(cache);
  const path = join(cache, `${PREFIX}${hostname()}-${process.pid}-${randomBytes(4).toString("hex")}`);
  await mkdir(path);
  return {
    path,
    publish: async (name, place) => {
      const old = join(path, `old-${randomBytes(4).toString("hex")}`);
      if (existsSync(place)) await rename(place, old);
      await rename(join(path, name), place);
    },
    [Symbol.asyncDispose]: () => remove(path),
  };
}

async function removeOrphans(cache: string): Promise<void> {
  const own = `${PREFIX}${hostname()}-`;
  for (const name of readdirSync(cache).filter((entry) => entry.startsWith(own))) {
    const pid = Number(name.slice(own.length).split("-")[0]);
    if (!isAlive(pid)) await remove(join(cache, name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const remove = (path: string) => rm(path, { recursive: true, force: true, maxRetries: 3 });
