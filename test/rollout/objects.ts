import type { KubeObject, ObjectRef } from "../../src/kubernetes/kube-object.ts";
import type { Snapshot, Wanted } from "../../src/rollout/snapshot.ts";
import type { Patience } from "../../src/rollout/verdict.ts";

/** When every rollout of these tests begins. */
export const START = new Date("2026-03-04T05:06:07.400Z");

export const PATIENCE: Patience = {
  unschedulableMs: 30_000,
  scaleUpMs: 600_000,
  mountMs: 60_000,
  deniedMs: 0,
  restarts: 1,
  unreadyMs: 30_000,
  settleMs: 5_000,
  silenceMs: 240_000,
};

type Fields = Readonly<Record<string, unknown>>;

/** A moment as Kubernetes writes it: whole seconds. @param seconds since the rollout began; may be before it */
export function at(seconds: number): string {
  return `${new Date(START.getTime() + seconds * 1_000).toISOString().slice(0, 19)}Z`;
}

/** What is seen so many seconds after the beginning. */
export function snapshot(seconds: number, wanted: readonly Wanted[], objects: readonly KubeObject[]): Snapshot {
  return { at: new Date(START.getTime() + seconds * 1_000), startedAt: START, wanted, objects };
}

/** An object as the release wants it. */
export function want(object: KubeObject, hook = false): Wanted {
  return { ...refTo(object), hook };
}

export function refTo({ apiVersion, kind, metadata }: KubeObject): ObjectRef {
  return { apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
}

interface ObjectFacts {
  readonly apiVersion?: string;
  readonly namespace?: string;
  readonly owner?: KubeObject;
  /** Seconds. */
  readonly created?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly generation?: number;
  readonly deleted?: number;
  readonly spec?: Fields;
  readonly status?: Fields;
  readonly fields?: Fields;
}

export function make(kind: string, name: string, facts: ObjectFacts = {}): KubeObject {
  const { apiVersion = "v1", namespace = "pr-7", owner, created = 0, labels, annotations, generation = 1 } = facts;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === "" ? {} : { namespace }),
      uid: `uid-${kind}-${name}`,
      generation,
      creationTimestamp: at(created),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(facts.deleted === undefined ? {} : { deletionTimestamp: at(facts.deleted) }),
      ...(owner === undefined
        ? {}
        : {
            ownerReferences: [
              {
                apiVersion: owner.apiVersion,
                kind: owner.kind,
                name: owner.metadata.name,
                uid: owner.metadata.uid ?? "",
                controller: true,
              },
            ],
          }),
    },
    ...(facts.spec === undefined ? {} : { spec: facts.spec }),
    ...(facts.status === undefined ? {} : { status: facts.status }),
    ...facts.fields,
  };
}

export function condition(type: string, status: string, reason = "", message = "", since = 0): Fields {
  return { type, status, reason, message, lastTransitionTime: at(since) };
}

interface DeploymentFacts {
  readonly replicas?: number;
  readonly ready?: number;
  readonly conditions?: readonly Fields[];
  readonly revision?: string;
  readonly status?: Fields;
  readonly spec?: Fields;
}

/** A Deployment whose controller has made all pods of the newest template. */
export function deployment(name: string, facts: DeploymentFacts = {}): KubeObject {
  const { replicas = 1, ready = 0, conditions = [], revision = "1" } = facts;
  return make("Deployment", name, {
    apiVersion: "apps/v1",
    annotations: { "deployment.kubernetes.io/revision": revision },
    spec: { replicas, template: { metadata: { labels: { app: name } } }, ...facts.spec },
    status: {
      observedGeneration: 1,
      replicas,
      updatedReplicas: replicas,
      readyReplicas: ready,
      availableReplicas: ready,
      conditions,
      ...facts.status,
    },
  });
}

export function replicaSet(
  owner: KubeObject,
  hash: string,
  facts: {
    readonly revision?: string;
    readonly conditions?: readonly Fields[];
    readonly created?: number;
    readonly ready?: number;
  } = {},
): KubeObject {
  return make("ReplicaSet", `${owner.metadata.name}-${hash}`, {
    apiVersion: "apps/v1",
    owner,
    created: facts.created ?? 0,
    annotations: { "deployment.kubernetes.io/revision": facts.revision ?? "1" },
    labels: { "pod-template-hash": hash },
    status: { availableReplicas: facts.ready ?? 0, conditions: facts.conditions ?? [] },
  });
}

export interface ContainerFacts {
  readonly name?: string;
  readonly image?: string;
  readonly init?: boolean;
  readonly sidecar?: boolean;
  readonly spec?: Fields;
  readonly state?: Fields;
  readonly last?: Fields;
  readonly ready?: boolean;
  readonly started?: boolean;
  readonly restarts?: number;
}

interface PodFacts {
  readonly owner?: KubeObject;
  readonly phase?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly created?: number;
  readonly deleted?: number;
  readonly ready?: boolean;
  readonly unscheduled?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: Fields;
  readonly containers?: readonly ContainerFacts[];
}

/** A pod on a node; its containers wait for being made unless something else is said. */
export function pod(name: string, facts: PodFacts = {}): KubeObject {
  const { containers = [{}], phase = "Pending", ready = false, unscheduled, created = 0 } = facts;
  const [inits, mains] = [containers.filter(isInit), containers.filter((each) => !isInit(each))];
  return make("Pod", name, {
    created,
    ...(facts.owner === undefined ? {} : { owner: facts.owner }),
    ...(facts.deleted === undefined ? {} : { deleted: facts.deleted }),
    labels: { app: name.split("-")[0] ?? name, ...facts.labels },
    spec: {
      ...(unscheduled === undefined ? { nodeName: "node-1" } : {}),
      ...(inits.length === 0 ? {} : { initContainers: inits.map(containerSpec) }),
      containers: mains.map(containerSpec),
      ...facts.spec,
    },
    status: {
      phase,
      ...(facts.reason === undefined ? {} : { reason: facts.reason }),
      ...(facts.message === undefined ? {} : { message: facts.message }),
      conditions: [
        unscheduled === undefined
          ? condition("PodScheduled", "True", "", "", created)
          : condition("PodScheduled", "False", "Unschedulable", unscheduled, created),
        condition("Ready", ready ? "True" : "False", ready ? "" : "ContainersNotReady", "", created),
      ],
      ...(unscheduled !== undefined
        ? {}
        : { initContainerStatuses: inits.map(containerStatus), containerStatuses: mains.map(containerStatus) }),
    },
  });
}

function isInit({ init = false, sidecar = false }: ContainerFacts): boolean {
  return init || sidecar;
}

function containerSpec({
  name = "main",
  image = "mayfly.azurecr.io/app:1",
  sidecar = false,
  spec,
}: ContainerFacts): Fields {
  return { name, image, ...(sidecar ? { restartPolicy: "Always" } : {}), ...spec };
}

function containerStatus(facts: ContainerFacts): Fields {
  const {
    name = "main",
    image = "mayfly.azurecr.io/app:1",
    state = waiting("ContainerCreating"),
    ready = false,
  } = facts;
  return {
    name,
    image,
    state,
    ready,
    started: facts.started ?? ready,
    restartCount: facts.restarts ?? 0,
    lastState: facts.last ?? {},
  };
}

export function waiting(reason: string, message = ""): Fields {
  return { waiting: { reason, ...(message === "" ? {} : { message }) } };
}

export function running(since: number): Fields {
  return { running: { startedAt: at(since) } };
}

export function ended(exitCode: number, reason: string, seconds: number, message = ""): Fields {
  return { terminated: { exitCode, reason, finishedAt: at(seconds), ...(message === "" ? {} : { message }) } };
}

interface EventFacts {
  readonly container?: string;
  readonly first?: number;
  readonly times?: number;
  readonly warning?: boolean;
  /** As the scheduler and KEDA write them: `eventTime` alone. */
  readonly timeless?: boolean;
}

/** An event so many seconds after the beginning. */
export function event(
  about: KubeObject,
  reason: string,
  message: string,
  last: number,
  facts: EventFacts = {},
): KubeObject {
  const { container, first = last, times = 1, warning = true, timeless = false } = facts;
  const { name, namespace = "", uid = "" } = about.metadata;
  return make("Event", `${name}.${reason}.${last}.${times}`, {
    namespace,
    created: first,
    fields: {
      type: warning ? "Warning" : "Normal",
      reason,
      message,
      involvedObject: {
        kind: about.kind,
        namespace,
        name,
        uid,
        ...(container === undefined ? {} : { fieldPath: `spec.containers{${container}}` }),
      },
      ...(timeless
        ? { eventTime: `${at(last).slice(0, -1)}.123456Z`, firstTimestamp: null, lastTimestamp: null }
        : { firstTimestamp: at(first), lastTimestamp: at(last), count: times }),
    },
  });
}

/** A Deployment with its newest ReplicaSet and one pod of it. */
export function rollout(name: string, facts: Omit<PodFacts, "owner">, more: DeploymentFacts = {}) {
  const owner = deployment(name, more);
  const set = replicaSet(owner, "7c9", { revision: more.revision ?? "1", ready: more.ready ?? 0 });
  const one = pod(`${name}-7c9-x2x2x`, { ...facts, owner: set });
  return { deployment: owner, set, pod: one, all: [owner, set, one] };
}
