import type { KubeObject } from "../../../src/kubernetes/kube-object.ts";
import { KubeRefusal } from "../../../src/kubernetes/kube-refusal.ts";
import type { ExecOrder, ExecOutcome } from "../../../src/kubernetes/pod-access.ts";
import { NAMESPACE } from "./fake/world.ts";

export interface PodForm {
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Of its container `main`. */
  readonly container?: Readonly<Record<string, unknown>>;
  readonly spec?: Readonly<Record<string, unknown>>;
  /** Of the container's status. */
  readonly status?: Readonly<Record<string, unknown>>;
}

/** A pod whose container runs. */
export function runningPod({ name = "api-1", labels = {}, container, spec, status }: PodForm = {}): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: NAMESPACE, labels: { app: "api", ...labels } },
    spec: { serviceAccountName: "default", containers: [{ name: "main", image: "api:1", ...container }], ...spec },
    status: {
      phase: "Running",
      containerStatuses: [
        {
          name: "main",
          ready: true,
          restartCount: 0,
          state: { running: { startedAt: "2026-11-21T12:00:00Z" } },
          ...status,
        },
      ],
    },
  };
}

/** An image with these programs only; another one is refused in a container runtime's words. */
export function image(programs: Readonly<Record<string, (order: ExecOrder) => Partial<ExecOutcome>>>) {
  return (_pod: unknown, order: ExecOrder): ExecOutcome => {
    const [program = ""] = order.command;
    const run = programs[program];
    if (run !== undefined) return { exitCode: 0, stdout: "", stderr: "", ...run(order) };
    const words = `OCI runtime exec failed: exec failed: unable to start container process: exec: "${program}": executable file not found in $PATH`;
    throw new KubeRefusal(500, "InternalError", words);
  };
}
