import type { KubeObject } from "../../../src/kubernetes/kube-object.ts";
import type { Snapshot } from "../../../src/rollout/snapshot.ts";
import {
  condition,
  deployment,
  ended,
  event,
  make,
  pod,
  replicaSet,
  rollout,
  running,
  snapshot,
  waiting,
  want,
} from "../objects.ts";
import { HTTP } from "./probes.ts";
import type { Scene } from "./scene.ts";

const job = (status: Record<string, unknown>, spec: Record<string, unknown> = {}): KubeObject =>
  make("Job", "migrate", { apiVersion: "batch/v1", spec, status });
const brokenJob = job({
  failed: 2,
  conditions: [
    condition("FailureTarget", "True", "BackoffLimitExceeded"),
    condition("Failed", "True", "BackoffLimitExceeded", "Job has reached the specified backoff limit", 13.3),
  ],
});
const lateJob = job(
  {
    conditions: [condition("Failed", "True", "DeadlineExceeded", "Job was active longer than specified deadline", 8.1)],
  },
  { activeDeadlineSeconds: 8 },
);
const failedPod = (owner: KubeObject, name: string, created: number): KubeObject =>
  pod(name, {
    owner,
    created,
    phase: "Failed",
    spec: { restartPolicy: "Never" },
    containers: [{ state: ended(5, "Error", created + 1) }],
  });
const gate = deployment("api", {
  conditions: [
    condition(
      "Progressing",
      "False",
      "ProgressDeadlineExceeded",
      'ReplicaSet "api-7c9" has timed out progressing.',
      12,
    ),
  ],
  spec: { progressDeadlineSeconds: 12 },
});
const statefulSet = make("StatefulSet", "db", {
  apiVersion: "apps/v1",
  spec: { replicas: 1 },
  status: { observedGeneration: 1, replicas: 1, currentRevision: "db-1", updateRevision: "db-2" },
});
const balancer = make("Service", "web", {
  spec: { type: "LoadBalancer", clusterIP: "10.0.0.9", selector: { app: "api" } },
  status: { loadBalancer: {} },
});
const service = make("Service", "web", { spec: { clusterIP: "10.0.0.9", selector: { app: "wbe" } } });
const scaled = (status: Record<string, unknown> | undefined): KubeObject =>
  make("ScaledObject", "worker", { apiVersion: "keda.sh/v1alpha1", ...(status === undefined ? {} : { status }) });
const unknownKind = make("Widget", "w", { apiVersion: "example.com/v1", spec: {} });
const apiService = make("APIService", "v1beta1.metrics.example.com", {
  namespace: "",
  apiVersion: "apiregistration.k8s.io/v1",
  spec: { service: { namespace: "pr-7", name: "metrics" } },
  status: {
    conditions: [
      condition(
        "Available",
        "False",
        "MissingEndpoints",
        'endpoints for service/metrics in "pr-7" have no addresses with port name "https"',
        1,
      ),
    ],
  },
});
const grown = rollout(
  "api",
  { phase: "Running", ready: true, containers: [{ spec: HTTP, state: running(-90), ready: true }], created: -90 },
  { ready: 1 },
);
const autoscaler = make("HorizontalPodAutoscaler", "api", {
  apiVersion: "autoscaling/v2",
  spec: { scaleTargetRef: { kind: "Deployment", name: "api" } },
  status: { desiredReplicas: 3 },
});

export const beyondPods: readonly Scene[] = [
  {
    name: "a hook that fails",
    code: "job/failed",
    state: "failed",
    says: "Job/migrate: it has failed (BackoffLimitExceeded): container main of migrate-b ended with 5",
    snapshot: snapshot(
      13.4,
      [want(brokenJob, true)],
      [brokenJob, failedPod(brokenJob, "migrate-z", 0), failedPod(brokenJob, "migrate-b", 10)],
    ),
  },
  {
    name: "a hook that takes too long, and whose pod is gone",
    code: "job/deadline",
    state: "failed",
    says: "it was not done within 8 s",
    snapshot: snapshot(9, [want(lateJob, true)], [lateJob]),
  },
  {
    name: "a pod that nobody starts anew",
    code: "pod/failed",
    state: "failed",
    says: "Pod/once: it has failed, and nothing starts it anew: its container main ended with 6",
    snapshot: ((): Snapshot => {
      const one = pod("once", {
        phase: "Failed",
        spec: { restartPolicy: "Never" },
        containers: [{ state: ended(6, "Error", 2) }],
      });
      return snapshot(3, [want(one)], [one]);
    })(),
  },
  {
    name: "a deadline without a word",
    code: "rollout/progress-deadline",
    state: "failed",
    says: "it did not get further within 12 s",
    snapshot: snapshot(13, [want(gate)], [gate, replicaSet(gate, "7c9")]),
  },
  {
    name: "a broken pod of the revision before",
    code: "rollout/old-pod-blocks",
    state: "failed",
    says: "db-0 is of the revision before, not ready, and not replaced before it is",
    snapshot: snapshot(
      241,
      [want(statefulSet)],
      [
        statefulSet,
        pod("db-0", {
          owner: statefulSet,
          created: -300,
          phase: "Running",
          labels: { "controller-revision-hash": "db-1" },
          containers: [{ state: waiting("CrashLoopBackOff"), restarts: 7, last: ended(1, "Error", -20) }],
        }),
      ],
    ),
  },
  {
    name: "a load balancer without an address",
    code: "load-balancer/pending",
    state: "progressing",
    says: "it has no address",
    snapshot: snapshot(9, [want(balancer)], [balancer]),
  },
  {
    name: "a load balancer that Azure refuses",
    code: "load-balancer/pending",
    state: "failed",
    says: "PublicIPCountLimitReached",
    snapshot: snapshot(
      260,
      [want(balancer)],
      [
        balancer,
        event(
          balancer,
          "SyncLoadBalancerFailed",
          "Error syncing load balancer: failed to ensure load balancer: PublicIPCountLimitReached: Cannot create more than 3 public IP addresses",
          250,
          { first: 5, times: 8 },
        ),
      ],
    ),
  },
  {
    name: "a Service that leads nowhere",
    code: "nothing/matched",
    state: "ready",
    says: "it selects pods with app=wbe, and there are none",
    snapshot: snapshot(3, [want(service)], [service, deployment("api")]),
  },
  {
    name: "an APIService that nobody answers for",
    code: "api-service/unavailable",
    state: "progressing",
    says: "nobody answers for this API: endpoints for service/metrics",
    snapshot: snapshot(30, [want(apiService)], [apiService]),
  },
  {
    name: "KEDA without its trigger",
    code: "custom-resource/failed",
    state: "failed",
    says: "KEDA's operator says Ready=False (ScaledObjectCheckFailed)",
    snapshot: ((): Snapshot => {
      const one = scaled({ conditions: [condition("Ready", "False", "ScaledObjectCheckFailed", "no such host", 2)] });
      return snapshot(63, [want(one)], [one]);
    })(),
  },
  {
    name: "KEDA that is not there",
    code: "custom-resource/silent",
    state: "progressing",
    says: "KEDA's operator has not looked at it",
    snapshot: snapshot(9, [want(scaled(undefined))], [scaled(undefined)]),
  },
  {
    name: "a kind that nobody knows, without a status",
    code: "custom-resource/silent",
    state: "ready",
    says: "it has no status",
    snapshot: snapshot(9, [want(unknownKind)], [unknownKind]),
  },
  {
    name: "replicas that the chart took from the autoscaler",
    code: "rollout/replicas-taken-back",
    state: "ready",
    says: "the chart has set 1 replicas where the autoscaler api wants 3",
    snapshot: snapshot(9, [want(grown.deployment)], [...grown.all, autoscaler]),
  },
];
