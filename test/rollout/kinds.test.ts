import { describe, expect, test } from "@jest/globals";
import type { KubeObject } from "../../src/kubernetes/kube-object.ts";
import { judge } from "../../src/rollout/judge.ts";
import {
  condition,
  deployment,
  ended,
  event,
  make,
  PATIENCE,
  pod,
  rollout,
  running,
  snapshot,
  want,
} from "./objects.ts";

/** What one object comes to by itself. */
function look(object: KubeObject, { seconds = 9, more = [] as readonly KubeObject[] } = {}) {
  const verdict = judge(snapshot(seconds, [want(object)], [object, ...more]), PATIENCE);
  return `${verdict.state}: ${verdict.parts.map(({ told }) => told).join()}`;
}

const apps = (kind: string, spec: object, status: object): KubeObject =>
  make(kind, "it", { apiVersion: "apps/v1", spec: { ...spec }, status: { observedGeneration: 1, ...status } });
const batch = (status: object, spec: object = {}): KubeObject =>
  make("Job", "it", { apiVersion: "batch/v1", spec: { ...spec }, status: { ...status } });
const service = (spec: object, status: object = {}): KubeObject =>
  make("Service", "it", { spec: { ...spec }, status: { ...status } });
const custom = (apiVersion: string, kind: string, status: object, generation = 1): KubeObject =>
  make(kind, "it", { apiVersion, generation, status: { ...status } });

const ROWS: ReadonlyArray<readonly [name: string, object: KubeObject, told: string]> = [
  [
    "a StatefulSet with all pods of the newest revision",
    apps(
      "StatefulSet",
      { replicas: 2 },
      { replicas: 2, readyReplicas: 2, availableReplicas: 2, currentRevision: "b", updateRevision: "b" },
    ),
    "ready: 2 of 2 ready",
  ],
  [
    "a StatefulSet that is half updated",
    apps(
      "StatefulSet",
      { replicas: 2 },
      {
        replicas: 2,
        readyReplicas: 2,
        availableReplicas: 2,
        updatedReplicas: 1,
        currentRevision: "a",
        updateRevision: "b",
      },
    ),
    "progressing: 1 of 2 updated",
  ],
  [
    "a StatefulSet that is updated up to its partition",
    apps(
      "StatefulSet",
      { replicas: 2, updateStrategy: { rollingUpdate: { partition: 1 } } },
      {
        replicas: 2,
        readyReplicas: 2,
        availableReplicas: 2,
        updatedReplicas: 1,
        currentRevision: "a",
        updateRevision: "b",
      },
    ),
    "ready: 2 of 2 ready",
  ],
  [
    "a StatefulSet that is updated by hand",
    apps(
      "StatefulSet",
      { replicas: 1, updateStrategy: { type: "OnDelete" } },
      { replicas: 1, readyReplicas: 1, availableReplicas: 1, currentRevision: "a", updateRevision: "b" },
    ),
    "ready: 1 of 1 ready",
  ],
  [
    "a DaemonSet on all nodes",
    apps("DaemonSet", {}, { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 }),
    "ready: 3 of 3 nodes ready",
  ],
  [
    "a DaemonSet that is not updated everywhere",
    apps("DaemonSet", {}, { desiredNumberScheduled: 3, updatedNumberScheduled: 2, numberAvailable: 3 }),
    "progressing: 2 of 3 nodes updated",
  ],
  ["a DaemonSet that no node matches", apps("DaemonSet", {}, { desiredNumberScheduled: 0 }), "ready: no node is meant"],
  ["a ReplicaSet", apps("ReplicaSet", { replicas: 1 }, { replicas: 1, availableReplicas: 1 }), "ready: 1 of 1 ready"],
  ["a ReplicaSet that waits", apps("ReplicaSet", { replicas: 1 }, { replicas: 1 }), "progressing: 0 of 1 ready"],
  ["a Job that is done", batch({ conditions: [condition("Complete", "True")] }), "ready: done"],
  ["a Job that runs", batch({ active: 1 }), "progressing: running"],
  ["a Job that is suspended", batch({}, { suspend: true }), "ready: suspended, as asked"],
  ["a CronJob", make("CronJob", "it", { apiVersion: "batch/v1" }), "ready: nothing to wait for"],
  ["a ConfigMap", make("ConfigMap", "it"), "ready: nothing to wait for"],
  ["a Service", service({ clusterIP: "10.0.0.1" }), "ready: is there"],
  ["a Service without an address of its own", service({ clusterIP: "None" }), "ready: is there"],
  [
    "a name for another service",
    service({ type: "ExternalName", externalName: "db.example.com" }),
    "ready: leads to db.example.com",
  ],
  [
    "a load balancer",
    service({ type: "LoadBalancer", clusterIP: "10.0.0.1" }, { loadBalancer: { ingress: [{ ip: "20.1.2.3" }] } }),
    "ready: at 20.1.2.3",
  ],
  ["a claim", make("PersistentVolumeClaim", "it", { status: { phase: "Bound" } }), "ready: bound"],
  [
    "an Ingress that nobody gives an address",
    make("Ingress", "it", { apiVersion: "networking.k8s.io/v1" }),
    "ready: no address yet",
  ],
  [
    "an autoscaler without a load yet",
    make("HorizontalPodAutoscaler", "it", {
      apiVersion: "autoscaling/v2",
      status: { conditions: [condition("ScalingActive", "False", "FailedGetResourceMetric")] },
    }),
    "ready: knows no load yet (FailedGetResourceMetric)",
  ],
  [
    "a definition",
    make("CustomResourceDefinition", "it", {
      apiVersion: "apiextensions.k8s.io/v1",
      namespace: "",
      status: { conditions: [condition("Established", "True")] },
    }),
    "ready: established",
  ],
  [
    "a definition that is not served",
    make("CustomResourceDefinition", "it", { apiVersion: "apiextensions.k8s.io/v1", namespace: "" }),
    "progressing: not served yet",
  ],
  [
    "an APIService",
    make("APIService", "it", {
      apiVersion: "apiregistration.k8s.io/v1",
      namespace: "",
      status: { conditions: [condition("Available", "True")] },
    }),
    "ready: available",
  ],
  [
    "a bare pod that is ready",
    pod("it", { phase: "Running", ready: true, containers: [{ state: running(1), ready: true }] }),
    "ready: ready",
  ],
  [
    "a custom resource that is ready",
    custom("cert-manager.io/v1", "Certificate", { conditions: [condition("Ready", "True")] }),
    "ready: ready",
  ],
  [
    "one whose status is of an older generation",
    custom("example.com/v1", "Widget", { observedGeneration: 1, conditions: [condition("Ready", "True")] }, 2),
    "progressing: waiting for its controller",
  ],
  [
    "one that reconciles",
    custom("example.com/v1", "Widget", { conditions: [condition("Reconciling", "True"), condition("Ready", "True")] }),
    "progressing: reconciling",
  ],
  [
    "one that is stalled",
    custom("helm.toolkit.fluxcd.io/v2", "HelmRelease", {
      conditions: [condition("Stalled", "True", "RetriesExceeded"), condition("Ready", "False")],
    }),
    "failed: failed: its controller reports a failure",
  ],
  [
    "a certificate that was refused",
    custom("cert-manager.io/v1", "Certificate", {
      conditions: [condition("Ready", "False", "DoesNotExist"), condition("Issuing", "False", "Failed")],
    }),
    "failed: failed: its controller reports a failure",
  ],
  [
    "one that is not ready yet",
    custom("example.com/v1", "Widget", { conditions: [condition("Ready", "Unknown")] }),
    "progressing: not ready yet",
  ],
  [
    "one that only says other things",
    custom("example.com/v1", "Widget", { conditions: [condition("Synced", "True")] }),
    "ready: ready",
  ],
  [
    "a ServiceMonitor, which never has a status",
    make("ServiceMonitor", "it", { apiVersion: "monitoring.coreos.com/v1" }),
    "ready: is there",
  ],
];

describe("of the kinds", () => {
  test.each(ROWS)("%s", (_, object, told) => {
    expect(look(object)).toBe(told);
  });

  test("a claim that its storage makes only for a pod is ready", () => {
    const claim = make("PersistentVolumeClaim", "it", { status: { phase: "Pending" } });
    const said = event(claim, "WaitForFirstConsumer", "waiting for first consumer to be created before binding", 1);
    expect(look(claim, { more: [said] })).toBe("ready: waits for its first pod");
    expect(look(claim)).toBe("progressing: pending");
  });

  test("KEDA's objects are looked at for a while after they have said that they are ready", () => {
    const object = custom("keda.sh/v1alpha1", "ScaledJob", {
      conditions: [condition("Ready", "True", "ScaledJobReady", "", 2)],
    });
    const settle = (seconds: number) => judge(snapshot(seconds, [want(object)], [object]), PATIENCE);
    expect(settle(3)).toMatchObject({ state: "ready", settleUntil: expect.any(Date) });
    expect(settle(9)).toMatchObject({ state: "ready", settleUntil: undefined });
  });

  test("a Deployment whose numbers are right is not ready while its pod says otherwise", () => {
    const one = rollout("api", { phase: "Running", containers: [{ state: ended(1, "Error", 8) }] }, { ready: 1 });
    expect(look(one.deployment, { more: [one.set, one.pod] })).toBe(
      "progressing: 1 of 1 ready by the numbers: its container exits",
    );
  });

  test("a namespace may be left out in what is wanted", () => {
    const one = deployment("api", { replicas: 0 });
    const { namespace: _, ...wanted } = want(one);
    expect(judge(snapshot(3, [wanted], [one]), PATIENCE).state).toBe("ready");
  });
});
