import type { Snapshot } from "../../../src/rollout/snapshot.ts";
import { ended, event, running, waiting } from "../objects.ts";
import { ofPod } from "./of-pod.ts";
import type { Scene } from "./scene.ts";

export const HTTP = {
  readinessProbe: { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 1, failureThreshold: 1 },
};
const STARTUP = { startupProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1, failureThreshold: 2 } };
const LIVENESS = { livenessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 } };

const unready = (seconds: number): Snapshot =>
  ofPod(seconds, { phase: "Running", containers: [{ spec: HTTP, state: running(1) }] }, ({ pod: one }) => [
    event(
      one,
      "Unhealthy",
      'Readiness probe failed: Get "http://10.244.0.9:8080/healthz": dial tcp 10.244.0.9:8080: connect: connection refused',
      1,
      { container: "main" },
    ),
    event(one, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503", seconds, {
      container: "main",
      first: 2,
      times: 9,
    }),
  ]);

export const probes: readonly Scene[] = [
  {
    name: "a readiness probe that fails within its time",
    code: "never-ready/readiness",
    state: "progressing",
    says: "it answers 503",
    snapshot: unready(5),
  },
  {
    name: "a readiness probe that fails for too long",
    code: "never-ready/readiness",
    state: "failed",
    says: "it answers 503",
    snapshot: unready(40),
  },
  {
    name: "a startup probe that fails within its time",
    code: "never-ready/startup",
    state: "progressing",
    says: "does not pass its startup probe (connect :8080)",
    snapshot: ofPod(
      3,
      { phase: "Running", containers: [{ spec: STARTUP, state: running(1), started: false }] },
      ({ pod: one }) => [
        event(one, "Unhealthy", "Startup probe failed: dial tcp 10.244.0.24:8080: connect: connection refused", 2, {
          container: "main",
        }),
      ],
    ),
  },
  {
    name: "a startup probe that has ended its container again",
    code: "never-ready/startup",
    state: "failed",
    says: "is ended by the kubelet, since its startup probe fails",
    snapshot: ofPod(
      13,
      {
        phase: "Running",
        containers: [{ spec: STARTUP, state: waiting("CrashLoopBackOff"), restarts: 1, last: ended(137, "Error", 12) }],
      },
      ({ pod: one }) => [
        event(one, "Killing", "Container main failed startup probe, will be restarted", 12, {
          container: "main",
          warning: false,
          times: 2,
        }),
      ],
    ),
  },
  {
    name: "a liveness probe that ends its container",
    code: "crash/liveness",
    state: "failed",
    says: "is ended by the kubelet, since its liveness probe fails (connect :8080)",
    snapshot: ofPod(
      13,
      {
        phase: "Running",
        containers: [
          { spec: LIVENESS, state: waiting("CrashLoopBackOff"), restarts: 1, last: ended(0, "Completed", 12) },
        ],
      },
      ({ pod: one }) => [
        event(one, "Unhealthy", "Liveness probe failed: dial tcp 10.244.0.21:8080: connect: connection refused", 2.7, {
          container: "main",
        }),
        event(one, "Killing", "Container main failed liveness probe, will be restarted", 4.7, {
          container: "main",
          warning: false,
        }),
      ],
    ),
  },
];
