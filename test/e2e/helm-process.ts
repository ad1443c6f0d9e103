import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A helm that works on a namespace of this machine's cluster. */
export interface HelmProcess {
  readonly pid: number;
  /** The step's own process, as long as that lives. */
  readonly parent: number;
  /** `upgrade`, `rollback`, `template`. */
  readonly verb: string;
}

/** The helms that actions have started for a namespace. Linux only. */
export function listHelms(namespace: string): readonly HelmProcess[] {
  return readdirSync("/proc").flatMap((name) => {
    try {
      const [path = "", verb = "", ...words] = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
      if (!path.endsWith("/helm") || !words.includes(`--namespace=${namespace}`)) return [];
      // The name in brackets may hold anything: the state and the parent come after it.
      const [, parent = ""] = readFileSync(`/proc/${name}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
      return [{ pid: Number(name), parent: Number(parent), verb }];
    } catch {
      // No process, or gone in between.
      return [];
    }
  });
}

/** Waits for a helm with this verb. @throws Error when there is none within a minute */
export async function findHelm(namespace: string, verb: string): Promise<HelmProcess> {
  let found: HelmProcess | undefined;
  await until(`helm ${verb} in ${namespace}`, async () => {
    found = listHelms(namespace).find((one) => one.verb === verb);
    return found !== undefined;
  });
  if (found === undefined) throw new Error(`There is no helm ${verb} in ${namespace}`);
  return found;
}

const LIMIT_MS = 60_000;
const EVERY_MS = 150;

/** Looks until something holds. @throws Error that names it when it does not within a minute */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + LIMIT_MS; !(await holds()); await sleep(EVERY_MS)) {
    if (performance.now() > deadline) throw new Error(`This did not come: ${what}`);
  }
}
