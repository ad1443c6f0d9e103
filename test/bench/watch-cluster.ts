import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Span } from "./tool-clock.ts";

/** What kubectl is run with. */
export interface Watcher {
  readonly kubectl: string;
  /** Where there is none, kubectl keeps what it knows in the folder at hand. */
  readonly home: string;
  readonly kubeconfig: string;
}

/** From when to when the pods of a namespace came up: from the first of them to the last that was ready. Stops watching when it is asked. */
export function watchRollout(watcher: Watcher, namespace: string): () => Span {
  let first: number | undefined;
  const ready = new Map<string, number>();
  const shown = 'jsonpath={.metadata.name} {.status.conditions[?(@.type=="Ready")].status}{"\\n"}';
  const child = watch(watcher, ["pods", "--namespace", namespace, "--output", shown], (line) => {
    first ??= Date.now();
    const [name = "", is] = line.split(" ");
    if (is === "True" && !ready.has(name)) ready.set(name, Date.now());
  });
  return () => {
    child.kill();
    if (first === undefined || ready.size === 0) throw new Error(`Nobody told of a ready pod in ${namespace}`);
    return [first, Math.max(...ready.values())];
  };
}

/** From when to when a namespace was on its way out. */
export function watchEnd(watcher: Watcher, namespace: string): Promise<Span> {
  const shown = 'jsonpath={.type} {.object.metadata.deletionTimestamp}{"\\n"}';
  return new Promise((resolve, reject) => {
    let from: number | undefined;
    const child = watch(watcher, ["namespace", namespace, "--output-watch-events", "--output", shown], (line) => {
      const [type = "", going = ""] = line.split(" ");
      if (going !== "") from ??= Date.now();
      if (type !== "DELETED") return;
      resolve([from ?? Date.now(), Date.now()]);
      child.kill();
    });
    child.on("error", reject);
    child.on("close", () => reject(new Error(`Nobody told of the end of ${namespace}`)));
  });
}

function watch({ kubectl, home, kubeconfig }: Watcher, words: readonly string[], onLine: (line: string) => void) {
  const env = { PATH: "/usr/bin:/bin", HOME: home, KUBECONFIG: kubeconfig };
  const child = spawn(kubectl, ["get", ...words, "--watch"], { env, stdio: ["ignore", "pipe", "inherit"] });
  createInterface(child.stdout).on("line", onLine);
  return child;
}
