import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { listOf, textOf } from "../../rollout/read-field.ts";
import type { Scope } from "./scope.ts";

const POD = { apiVersion: "v1", kind: "Pod" } as const;
const LOOK_EVERY_MS = 400;
const TAIL_LINES = 20;
const MOST_BYTES = 16 * 1024;

/** The pods of a test: its own, or those of its Job. */
export interface TestPods {
  /** The test's name. */
  readonly name: string;
  readonly kind: string;
}

/**
 * Reads the logs of tests again and again while they run, since helm may delete a pod the moment that it has ended.
 *
 * @param before uids of pods that were there already: of an earlier run
 * @param done aborts when they are over; then they are read once more
 * @returns the end of each test's log, by its name
 */
export async function keepLogs(
  tests: readonly TestPods[],
  namespace: string,
  before: ReadonlySet<string>,
  scope: Scope,
  done: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const logs = new Map<string, string>();
  for (let last = false; ; last = done.aborted) {
    const pods = await scope.watches.list(POD, namespace).catch(() => []);
    for (const pod of pods.filter(({ metadata }) => !before.has(metadata.uid ?? ""))) {
      const test = tests.find((each) => isOf(pod, each));
      const text = test === undefined ? "" : await readLogs(pod, namespace, scope);
      if (test !== undefined && text !== "") logs.set(test.name, text);
    }
    if (last) return logs;
    await scope.world.sleep(LOOK_EVERY_MS, done);
  }
}

function isOf({ metadata }: KubeObject, { name, kind }: TestPods): boolean {
  if (kind !== "Job") return metadata.name === name;
  const labels = metadata.labels ?? {};
  return (labels["batch.kubernetes.io/job-name"] ?? labels["job-name"]) === name;
}

/** A pod that is gone, or has not begun, has nothing to say. */
async function readLogs(pod: KubeObject, namespace: string, { cluster }: Scope): Promise<string> {
  const containers = listOf(pod, "spec", "containers").map((each) => textOf(each, "name"));
  const options = { tailLines: TAIL_LINES, limitBytes: MOST_BYTES };
  const texts = await Promise.all(
    containers.map((container) =>
      cluster.readLog({ namespace, name: pod.metadata.name }, { ...options, container }).catch(() => undefined),
    ),
  );
  return texts
    .map((text) => text?.trim() ?? "")
    .join("\n")
    .trim();
}
