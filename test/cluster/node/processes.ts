import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";

/** A process of this machine, with the words it was started with. */
export interface RunningProcess {
  readonly pid: number;
  readonly words: readonly string[];
}

/** What a process does for a cluster. */
export type Role = "first" | "keeper" | "door" | "daemon";

/**
 * What a process does for the cluster of a home, by the words it was started with; undefined for any other process, also for
 * those that only name a file of the cluster, such as kubectl.
 */
export function roleOf(words: readonly string[], home: string): Role | undefined {
  const [program = "", ...rest] = words;
  const name = basename(program);
  const script = rest.findIndex((word) => basename(word) === "namespaces.sh");
  if (script !== -1 && rest[script + 1] === home) {
    if (name === "unshare") return "keeper";
    return name === "sh" && script === 0 ? "first" : undefined;
  }
  const [file, owned] = rest.slice(-2);
  if (name.startsWith("node") && file !== undefined && basename(file) === "door.ts" && owned === home) return "door";
  const names = (word: string) => word.includes(`${home}/`);
  // What waits on this machine for a program in the node's namespaces.
  if (name === "nsenter" && rest[0] === "--target" && rest.some(names)) return "daemon";
  return undefined;
}

/** All processes that can be seen. */
export function listProcesses(): readonly RunningProcess[] {
  const pids = readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid);
  return pids.flatMap((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
      return words.length === 0 ? [] : [{ pid, words }];
    } catch {
      // Gone in between.
      return [];
    }
  });
}

/** The processes of a home's cluster, by what they do. Programs in the node's namespaces are their first process's. */
export function findProcesses(home: string): readonly (RunningProcess & { readonly role: Role })[] {
  return listProcesses().flatMap((found) => {
    const role = roleOf(found.words, home);
    return role === undefined ? [] : [{ ...found, role }];
  });
}

/** A name for a process that no later one has, though it may be given the same pid; undefined when it is not there. */
export function identityOf(pid: number): string | undefined {
  try {
    // After the name, which may hold anything, the time of the start is the 20th word.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "");
    const [state, ...rest] = stat.split(" ");
    return state === "Z" ? undefined : `${pid}@${rest[18]}`;
  } catch {
    return undefined;
  }
}
