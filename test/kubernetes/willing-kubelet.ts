import { createHash } from "node:crypto";
import type { KubeObject } from "../../src/kubernetes/kube-object.ts";
import type { ApiServer } from "./api-server.ts";
import type { Json } from "./field-paths.ts";

/**
 * Plays controllers and kubelet to which all succeeds at once: workloads are ready, Jobs complete, claims bound. There
 * are ReplicaSets, since helm 3 waits for the newest, and no pods.
 */
export function playWillingKubelet(server: ApiServer): void {
  server.onChange(({ type, object }) => {
    if (type === "DELETED" || object.metadata.deletionTimestamp !== undefined) return;
    const status = chooseStatus(object);
    if (status === undefined || JSON.stringify(status) === JSON.stringify(object["status"])) return;
    const { apiVersion, kind, metadata } = object;
    // Not in the middle of the request that made it.
    setImmediate(() => {
      const ref = { apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
      if (server.find(ref)?.metadata.generation !== metadata.generation) return;
      if (kind === "Deployment") rollOut(server, object);
      server.setStatus(ref, status);
    });
  });
}

/** A ReplicaSet of the template; those of earlier ones have no pods any more. */
function rollOut(server: ApiServer, { metadata, ...deployment }: KubeObject): void {
  const {
    replicas = 1,
    selector,
    template,
  } = deployment["spec"] as {
    readonly replicas?: number;
    readonly selector: Json;
    readonly template: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
  };
  const hash = createHash("sha256").update(JSON.stringify(template)).digest("hex").slice(0, 9);
  const kind = { apiVersion: "apps/v1", kind: "ReplicaSet" };
  const name = `${metadata.name}-${hash}`;
  for (const old of server.list(kind, metadata.namespace)) {
    if (old.metadata.ownerReferences?.[0]?.uid === metadata.uid && old.metadata.name !== name) {
      server.put({ ...old, spec: { ...(old["spec"] as Json), replicas: 0 } });
    }
  }
  const labels = { ...template.metadata?.labels, "pod-template-hash": hash };
  const owner = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    name: metadata.name,
    uid: metadata.uid ?? "",
    controller: true,
  };
  server.put({
    ...kind,
    metadata: { name, namespace: metadata.namespace ?? "default", labels, ownerReferences: [owner] },
    spec: { replicas, selector, template: { ...template, metadata: { ...template.metadata, labels } } },
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
