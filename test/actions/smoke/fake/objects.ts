import type { KubeObject, ObjectRef } from "../../../../src/kubernetes/kube-object.ts";
import { NAMESPACE, type Scene } from "./world.ts";

type Fields = Readonly<Record<string, unknown>>;

interface Facts {
  readonly apiVersion?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Undefined: for what belongs to no namespace. */
  readonly namespace?: string | undefined;
  readonly owner?: KubeObject;
  readonly spec?: Fields;
  readonly status?: Fields;
  readonly fields?: Fields;
}

/** Puts an object into the cluster, or changes it. */
export function put(scene: Scene, kind: string, name: string, facts: Facts = {}): KubeObject {
  const { apiVersion = "v1", labels = {}, annotations = {}, owner, spec, status, fields = {} } = facts;
  const namespace = "namespace" in facts ? facts.namespace : NAMESPACE;
  return scene.cluster.put({
    apiVersion,
    kind,
    metadata: {
      name,
      labels,
      annotations,
      ...(namespace === undefined ? {} : { namespace }),
      ...(owner === undefined ? {} : { ownerReferences: [ownedBy(owner)] }),
    },
    ...(spec === undefined ? {} : { spec }),
    ...(status === undefined ? {} : { status }),
    ...fields,
  });
}

function ownedBy({ apiVersion, kind, metadata }: KubeObject) {
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? "", controller: true };
}

export function refOf({ apiVersion, kind, metadata }: KubeObject): ObjectRef {
  return { apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
}

interface WorkloadFacts {
  readonly replicas?: number;
  readonly ready?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly revision?: string;
}

/** A Deployment, its newest ReplicaSet, and pods that run. */
export function putDeployment(scene: Scene, name: string, facts: WorkloadFacts = {}): KubeObject {
  const { replicas = 1, ready = replicas, labels = { app: name }, revision = "1" } = facts;
  const annotations = { "deployment.kubernetes.io/revision": revision };
  const apiVersion = "apps/v1";
  const spec = { replicas, template: { metadata: { labels } } };
  const counts = { replicas, updatedReplicas: replicas, readyReplicas: ready, availableReplicas: ready };
  const conditions = [{ type: "Available", status: ready >= replicas ? "True" : "False", reason: "MinimumReplicas" }];
  const deployment = put(scene, "Deployment", name, { apiVersion, annotations, labels, spec });
  scene.cluster.setStatus(refOf(deployment), {
    observedGeneration: deployment.metadata.generation,
    ...counts,
    conditions,
  });
  const set = put(scene, "ReplicaSet", `${name}-${revision}`, {
    apiVersion,
    annotations,
    labels,
    owner: deployment,
    spec,
    status: counts,
  });
  for (let index = 0; index < replicas; index += 1) {
    putPod(scene, `${name}-${revision}-${index}`, { owner: set, labels, ready: index < ready });
  }
  return deployment;
}

interface PodFacts {
  readonly owner?: KubeObject;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ready?: boolean;
  readonly phase?: string;
  readonly containers?: readonly string[];
  readonly state?: Fields;
  readonly more?: Fields;
}

/** A pod whose containers run since long. */
export function putPod(scene: Scene, name: string, facts: PodFacts = {}): KubeObject {
  const {
    owner,
    labels = {},
    annotations = {},
    ready = true,
    phase = "Running",
    containers = ["main"],
    more = {},
  } = facts;
  const state = facts.state ?? { running: { startedAt: "2026-01-01T00:00:00Z" } };
  return put(scene, "Pod", name, {
    labels,
    annotations,
    ...(owner === undefined ? {} : { owner }),
    spec: { nodeName: "node-1", containers: containers.map((container) => ({ name: container, image: "app:1" })) },
    status: {
      phase,
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
      containerStatuses: containers.map((container) => ({
        name: container,
        ready,
        started: true,
        restartCount: 0,
        state,
        ...more,
      })),
    },
  });
}

let count = 0;

/** Something that Kubernetes reports of an object. */
export function putEvent(scene: Scene, about: KubeObject, reason: string, facts: Fields = {}): KubeObject {
  count += 1;
  const { apiVersion, kind, metadata } = about;
  const now = new Date(scene.time.now()).toISOString();
  return put(scene, "Event", `${metadata.name}.${count}`, {
    fields: {
      involvedObject: { apiVersion, kind, name: metadata.name, namespace: metadata.namespace, uid: metadata.uid },
      type: "Warning",
      reason,
      message: `${reason} of ${metadata.name}`,
      eventTime: now,
      ...facts,
    },
  });
}
