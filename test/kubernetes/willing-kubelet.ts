import type { KubeObject } from "../../src/kubernetes/kube-object.ts";
import type { ApiServer } from "./api-server.ts";
import type { Json } from "./field-paths.ts";

/** Plays controllers and kubelet to which all succeeds at once: workloads are ready, Jobs complete, claims bound. */
export function playWillingKubelet(server: ApiServer): void {
  server.onChange(({ type, object }) => {
    if (type === "DELETED" || object.metadata.deletionTimestamp !== undefined) return;
    const status = chooseStatus(object);
    if (status === undefined || JSON.stringify(status) === JSON.stringify(object["status"])) return;
    const { apiVersion, kind, metadata } = object;
    // Not in the middle of the request that made it.
    setImmediate(() => {
      const ref = { apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
      if (server.find(ref)?.metadata.generation === metadata.generation) server.setStatus(ref, status);
    });
  });
}

function chooseStatus(object: KubeObject): Json | undefined {
  const { generation: observedGeneration } = object.metadata;
  const spec = (object["spec"] ?? {}) as Json;
  const replicas = Number(spec["replicas"] ?? 1);
  const ready = {
    observedGeneration,
    replicas,
    readyReplicas: replicas,
    availableReplicas: replicas,
    updatedReplicas: replicas,
  };
  if (object.kind === "Deployment") {
    return {
      ...ready,
      conditions: [
        condition("Available", "MinimumReplicasAvailable"),
        condition("Progressing", "NewReplicaSetAvailable"),
      ],
    };
  }
  if (object.kind === "StatefulSet")
    return { ...ready, currentRevision: "1", updateRevision: "1", currentReplicas: replicas };
  if (object.kind === "ReplicaSet") return ready;
  if (object.kind === "DaemonSet") {
    return {
      observedGeneration,
      desiredNumberScheduled: 1,
      currentNumberScheduled: 1,
      numberReady: 1,
      numberAvailable: 1,
      updatedNumberScheduled: 1,
      numberMisscheduled: 0,
    };
  }
  if (object.kind === "Job") return { succeeded: 1, conditions: [condition("Complete", "CompletionsReached")] };
  if (object.kind === "Pod") return { phase: "Running", conditions: [condition("Ready", "")] };
  return object.kind === "PersistentVolumeClaim" ? { phase: "Bound" } : undefined;
}

function condition(type: string, reason: string): Json {
  return { type, status: "True", reason, message: "" };
}
