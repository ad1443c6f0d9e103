import type { SeenChange } from "../../../../src/actions/smoke/scope.ts";
import type { KubeObject } from "../../../../src/kubernetes/kube-object.ts";
import { KEDA } from "../fake/cluster.ts";
import { NAMESPACE } from "../fake/world.ts";

/** When the message was published. */
export const PUBLISHED = 10_000;

type Type = SeenChange["type"];

export function change(atMs: number, object: KubeObject, type: Type = "modified"): SeenChange {
  return { type, object, atMs };
}

function meta(name: string, more: object = {}): KubeObject["metadata"] {
  return { name, namespace: NAMESPACE, uid: `uid-${name}`, ...more };
}

const condition = (type: string, status: string): object => ({ type, status, reason: `Some${type}`, message: "" });

export function scaler(kind: "ScaledJob" | "ScaledObject", active: "True" | "False"): KubeObject {
  const conditions = [condition("Ready", "True"), condition("Active", active)];
  const spec = kind === "ScaledObject" ? { scaleTargetRef: { name: "api" } } : {};
  return { apiVersion: KEDA, kind, metadata: meta("worker"), spec, status: { conditions } };
}

export function job(name: string, ended: "Complete" | "Failed" | undefined = undefined, of = "worker"): KubeObject {
  const labels = { "scaledjob.keda.sh/name": of };
  const conditions = ended === undefined ? [] : [condition(ended, "True")];
  return { apiVersion: "batch/v1", kind: "Job", metadata: meta(name, { labels }), status: { conditions } };
}

export interface PodState {
  readonly phase?: string;
  readonly node?: string;
  readonly ready?: boolean;
  /** Of its container. */
  readonly state?: object;
}

export function pod(
  name: string,
  owner: KubeObject,
  { phase = "Pending", node, ready, state }: PodState = {},
): KubeObject {
  const { kind, metadata } = owner;
  const ownerReferences = [
    { apiVersion: owner.apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true },
  ];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: meta(name, { ownerReferences, labels: { app: "api" } }),
    spec: { containers: [{ name: "main", image: "worker:1" }], ...(node === undefined ? {} : { nodeName: node }) },
    status: {
      phase,
      conditions: ready === undefined ? [] : [condition("Ready", ready ? "True" : "False")],
      containerStatuses: state === undefined ? [] : [{ name: "main", state }],
    },
  };
}

export const running: PodState = { phase: "Running", node: "one", ready: true, state: { running: {} } };
export const succeeded: PodState = { phase: "Succeeded", node: "one", state: { terminated: { exitCode: 0 } } };

export function pulled(about: KubeObject, container = "main"): KubeObject {
  const { kind, metadata } = about;
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: meta(`${metadata.name}.${container}.pulled`),
    type: "Normal",
    reason: "Pulled",
    message: "Successfully pulled image",
    involvedObject: { kind, name: metadata.name, uid: metadata.uid, fieldPath: `spec.containers{${container}}` },
  };
}

export function deployment(replicas: number): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: meta("api"),
    spec: { replicas, selector: { matchLabels: { app: "api" } } },
    status: replicas === 0 ? {} : { replicas },
  };
}
