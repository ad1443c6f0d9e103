import { type Asking, ask } from "./ask.ts";
import type { LogOptions } from "./cluster.ts";
import { KubeRefusal } from "./kube-refusal.ts";
import { segment } from "./object-path.ts";

/** A log has no end of its own, and the runner's memory has. */
const MOST_BYTES = 10 * 1024 * 1024;

/** See `Cluster.readLog`. A container that has not begun has printed nothing. @throws KubeRefusal */
export async function readLog(
  asking: Asking,
  pod: { readonly namespace: string; readonly name: string },
  { container, previous, tailLines, sinceSeconds, limitBytes = MOST_BYTES }: LogOptions,
): Promise<string | undefined> {
  try {
    return await ask(asking, {
      method: "GET",
      path: `/api/v1/namespaces/${segment(pod.namespace)}/pods/${segment(pod.name)}/log`,
      query: { container, tailLines, sinceSeconds, limitBytes, ...(previous === true ? { previous } : {}) },
      looks: true,
    });
  } catch (error) {
    if (!(error instanceof KubeRefusal)) throw error;
    if (error.status === 404 && error.reason === "NotFound") return undefined;
    if (error.status !== 400) throw error;
    if (/is waiting to start/.test(error.message)) return "";
    // "previous terminated container "x" in pod "y" not found", "container x is not valid for pod y"
    if (/not found|is not valid for pod/.test(error.message)) return undefined;
    throw error;
  }
}
