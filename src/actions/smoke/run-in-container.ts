import type { FoundContainer } from "./find-containers.ts";
import type { Scope } from "./scope.ts";

/** A file is read, or it is not: nobody waits for it as long as for the check. */
const LONGEST_MS = 10_000;
/** Words of container runtimes for a program that the image does not have. */
const NO_PROGRAM = /executable file not found|no such file or directory|exec format error|stat [^:]+: /i;

/**
 * What a program of the image prints; undefined where the image does not have it, or it fails.
 *
 * @throws KubeRefusal for whatever else keeps it from being run
 */
export async function printIn(
  { namespace, pod, container }: FoundContainer,
  command: readonly string[],
  { cluster, world, until, left }: Scope,
): Promise<string | undefined> {
  try {
    const timeoutMs = Math.max(1, Math.min(LONGEST_MS, left()));
    const order = { container, command, timeoutMs, until };
    const { exitCode, stdout, cut } = await cluster.exec({ namespace, name: pod }, order);
    return exitCode === 0 && cut !== true ? stdout : undefined;
  } catch (error) {
    if (NO_PROGRAM.test(world.readRefusal(error)?.message ?? "")) return undefined;
    throw error;
  }
}
