import { expect, test } from "@jest/globals";
import type { Resources } from "../../../../src/smoke/spec/checks/resources.ts";
import { makeCheck, takeOne } from "../fake/checks.ts";
import { KEDA } from "../fake/cluster.ts";
import { put, putDeployment, putPod, refOf } from "../fake/objects.ts";
import { createScene, NAMESPACE, type Scene } from "../fake/world.ts";

const DEPLOYMENT = { apiVersion: "apps/v1", kind: "Deployment" } as const;
const POD = { apiVersion: "v1", kind: "Pod" } as const;
const JOB = { apiVersion: "batch/v1", kind: "Job" } as const;

const look = (scene: Scene, wanted: Resources, negated = false) =>
  takeOne(scene, makeCheck("resources", wanted, { timeout: 2_000, negated }));

test("a selector that matches nothing fails, and passes where there must be none", async () => {
  const scene = createScene();
  putPod(scene, "api", { labels: { app: "api" } });
  const wanted = { ...POD, selector: "app=web", assert: { status: { phase: "Running" } } };
  expect(await look(scene, wanted)).toMatchObject({ outcome: "failed", seen: "there is no such Pod" });
  expect(await look(scene, wanted, true)).toMatchObject({ outcome: "passed" });
});

test("what is asked has to be true of each that is meant", async () => {
  const scene = createScene();
  putPod(scene, "a", { labels: { app: "api" } });
  putPod(scene, "b", { labels: { app: "api" }, phase: "Pending" });
  const wanted = { ...POD, selector: "app=api", assert: { status: { phase: "Running" } } };
  expect(await look(scene, wanted)).toMatchObject({
    outcome: "failed",
    seen: expect.stringMatching(/^b: status.phase is "Pending"/),
    involved: [{ ...POD, namespace: NAMESPACE, name: "b" }],
  });
  putPod(scene, "b", { labels: { app: "api" } });
  expect(await look(scene, wanted)).toMatchObject({ outcome: "passed" });
});

test("a count counts those of which the rest is true, and only with it there may be none", async () => {
  const scene = createScene();
  putPod(scene, "a");
  putPod(scene, "b", { phase: "Pending" });
  const running = { ...POD, assert: { status: { phase: "Running" } } };
  expect(await look(scene, { ...running, count: 1 })).toMatchObject({ outcome: "passed" });
  expect(await look(scene, { ...running, count: { ">=": 2 } })).toMatchObject({
    outcome: "failed",
    seen: expect.stringMatching(/^1 \(a\); /),
  });
  expect(await look(scene, { ...POD, selector: "app=none", count: 0 })).toMatchObject({ outcome: "passed" });
  expect(await look(scene, { ...POD, selector: "app=none", count: { ">=": 1 } })).toMatchObject({
    outcome: "failed",
    seen: "0",
  });
});

test("a condition counts only for the generation that it was written for", async () => {
  const scene = createScene();
  const deployment = putDeployment(scene, "api");
  const wanted = { ...DEPLOYMENT, name: "api", condition: "Available" };
  expect(await look(scene, wanted)).toMatchObject({ outcome: "passed" });
  scene.cluster.put({ ...deployment, spec: { ...(deployment["spec"] as object), paused: true } });
  expect(await look(scene, wanted)).toMatchObject({
    outcome: "failed",
    seen: expect.stringContaining("from before its last change"),
  });
});

test("a condition may be asked for with another status and a reason", async () => {
  const scene = createScene();
  const conditions = [{ type: "Fallback", status: "False", reason: "Quiet", message: "" }];
  put(scene, "Service", "api", { status: { conditions } });
  const wanted = { apiVersion: "v1", kind: "Service", name: "api" } as const;
  expect(
    await look(scene, { ...wanted, condition: { type: "Fallback", status: "False", reason: undefined } }),
  ).toMatchObject({ outcome: "passed" });
  expect(
    await look(scene, { ...wanted, condition: { type: "Fallback", status: "False", reason: "Loud" } }),
  ).toMatchObject({ outcome: "failed", seen: "Fallback=False (Quiet)" });
  expect(await look(scene, { ...wanted, condition: "Ready" })).toMatchObject({
    outcome: "failed",
    seen: "no condition Ready, only Fallback",
  });
});

test("a Job that has failed is not waited for", async () => {
  const scene = createScene();
  put(scene, "Job", "task", {
    apiVersion: "batch/v1",
    status: {
      conditions: [{ type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "no more tries" }],
    },
  });
  const found = await takeOne(
    scene,
    makeCheck("resources", { ...JOB, name: "task", condition: "Complete" }, { timeout: 60_000 }),
  );
  expect(found).toMatchObject({ outcome: "failed", tries: 1, seen: expect.stringContaining("BackoffLimitExceeded") });
});

test("a rollout passes when its newest pods are ready", async () => {
  const scene = createScene();
  putDeployment(scene, "api", { replicas: 2 });
  expect(await look(scene, { ...DEPLOYMENT, name: "api", rollout: true })).toMatchObject({
    outcome: "passed",
    seen: "2 of 2 ready",
  });
});

test("a rollout that is certain to fail is not waited for, and says why", async () => {
  const scene = createScene();
  putDeployment(scene, "api", { ready: 0 });
  const set = scene.cluster.find({ apiVersion: "apps/v1", kind: "ReplicaSet", namespace: NAMESPACE, name: "api-1" });
  if (set === undefined) throw new Error("no ReplicaSet");
  const waiting = {
    reason: "InvalidImageName",
    message: 'Failed to apply default image tag "Api:1": couldn\'t parse image name',
  };
  putPod(scene, "api-1-0", { owner: set, labels: { app: "api" }, ready: false, phase: "Pending", state: { waiting } });
  const found = await takeOne(
    scene,
    makeCheck("resources", { ...DEPLOYMENT, name: "api", rollout: true }, { timeout: 60_000 }),
  );
  expect(found).toMatchObject({
    outcome: "failed",
    tries: 1,
    seen: expect.stringMatching(/^Deployment\/api: .*image/),
  });
});

test("a bare pod that has failed is no rollout", async () => {
  const scene = createScene();
  putPod(scene, "once", { phase: "Failed", ready: false, state: { terminated: { exitCode: 3, reason: "Error" } } });
  expect(await look(scene, { ...POD, name: "once", rollout: true })).toMatchObject({ outcome: "failed" });
});

test("a custom resource without a status is not ready", async () => {
  const scene = createScene();
  scene.cluster.define("example.com/v1", "Shop");
  const wanted = { apiVersion: "example.com/v1", kind: "Shop", name: "corner", rollout: true } as const;
  put(scene, "Shop", "corner", { apiVersion: "example.com/v1" });
  expect(await look(scene, wanted)).toMatchObject({
    outcome: "failed",
    seen: "it has no status, so that nobody says whether it is ready",
  });
  scene.cluster.setStatus({ ...wanted, namespace: NAMESPACE }, { conditions: [{ type: "Ready", status: "True" }] });
  expect(await look(scene, wanted)).toMatchObject({ outcome: "passed" });
});

test("a rollout of a kind that cannot be unready is refused, since it would check nothing", async () => {
  const scene = createScene();
  put(scene, "ConfigMap", "settings");
  expect(await look(scene, { apiVersion: "v1", kind: "ConfigMap", name: "settings", rollout: true })).toMatchObject({
    outcome: "failed",
    seen: expect.stringContaining("smoke-spec-invalid: rollout: expected a kind that can be unready"),
  });
});

test("0 replicas pass only where KEDA or an autoscaler may have brought them there", async () => {
  const scene = createScene();
  scene.cluster.define(KEDA, "ScaledObject");
  putDeployment(scene, "api", { replicas: 0 });
  const wanted = [
    { ...DEPLOYMENT, name: "api", rollout: true },
    { ...DEPLOYMENT, name: "api", condition: "Available" },
  ] as const;
  for (const each of wanted) {
    expect(await look(scene, each)).toMatchObject({
      outcome: "failed",
      seen: expect.stringContaining("0 replicas are asked for"),
    });
  }
  put(scene, "ScaledObject", "other", { apiVersion: KEDA, spec: { scaleTargetRef: { name: "web" } } });
  expect(await look(scene, wanted[0])).toMatchObject({ outcome: "failed" });
  put(scene, "ScaledObject", "api", {
    apiVersion: KEDA,
    spec: { scaleTargetRef: { name: "api" }, minReplicaCount: 1 },
  });
  expect(await look(scene, wanted[0])).toMatchObject({ outcome: "failed" });
  put(scene, "ScaledObject", "api", { apiVersion: KEDA, spec: { scaleTargetRef: { name: "api" } } });
  for (const each of wanted) expect(await look(scene, each)).toMatchObject({ outcome: "passed" });
});

test("an autoscaler that never goes to 0 does not excuse 0 replicas", async () => {
  const scene = createScene();
  putDeployment(scene, "api", { replicas: 0 });
  const wanted = { ...DEPLOYMENT, name: "api", rollout: true } as const;
  const scaler = (minReplicas: number) =>
    put(scene, "HorizontalPodAutoscaler", "api", {
      apiVersion: "autoscaling/v2",
      spec: { minReplicas, scaleTargetRef: { kind: "Deployment", name: "api" } },
    });
  scaler(1);
  expect(await look(scene, wanted)).toMatchObject({ outcome: "failed" });
  scaler(0);
  expect(await look(scene, wanted)).toMatchObject({ outcome: "passed" });
});

test("a DaemonSet that no node is meant for has not been rolled out", async () => {
  const scene = createScene();
  const set = put(scene, "DaemonSet", "agent", { apiVersion: "apps/v1", spec: {} });
  scene.cluster.setStatus(refOf(set), {
    observedGeneration: 1,
    desiredNumberScheduled: 0,
    updatedNumberScheduled: 0,
    numberAvailable: 0,
  });
  expect(await look(scene, { apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", rollout: true })).toMatchObject({
    outcome: "failed",
    seen: expect.stringContaining("no node is meant for it"),
  });
});

test("scaled to zero means that no replicas are asked for, and no pod of any revision is left", async () => {
  const scene = createScene();
  const wanted = { ...DEPLOYMENT, name: "api", scaledToZero: true } as const;
  const deployment = putDeployment(scene, "api");
  expect(await look(scene, wanted)).toMatchObject({
    outcome: "failed",
    seen: "1 replicas are asked for; pods are left: api-1-0",
  });
  scene.cluster.put({ ...deployment, spec: { replicas: 0 } });
  expect(await look(scene, wanted)).toMatchObject({ outcome: "failed", seen: "pods are left: api-1-0" });
  scene.time.after(500, () => scene.cluster.remove({ ...POD, namespace: NAMESPACE, name: "api-1-0" }));
  expect(await look(scene, wanted)).toMatchObject({ outcome: "passed", seen: "nothing runs" });
});

test("of a ScaledObject its target counts, of a ScaledJob the Jobs that are not over", async () => {
  const scene = createScene();
  scene.cluster.define(KEDA, "ScaledObject", "ScaledJob");
  put(scene, "ScaledObject", "worker", { apiVersion: KEDA, spec: { scaleTargetRef: { name: "worker" } } });
  const object = { apiVersion: KEDA, kind: "ScaledObject", name: "worker", scaledToZero: true } as const;
  expect(await look(scene, object)).toMatchObject({
    outcome: "failed",
    seen: "its target Deployment/worker is not there",
  });
  putDeployment(scene, "worker", { replicas: 1 });
  expect(await look(scene, object)).toMatchObject({ outcome: "failed" });

  const scaled = put(scene, "ScaledJob", "tasks", { apiVersion: KEDA });
  const jobs = { apiVersion: KEDA, kind: "ScaledJob", name: "tasks", scaledToZero: true } as const;
  expect(await look(scene, jobs)).toMatchObject({ outcome: "passed" });
  const job = put(scene, "Job", "tasks-1", { apiVersion: "batch/v1", owner: scaled });
  putPod(scene, "tasks-1-a", { owner: job });
  expect(await look(scene, jobs)).toMatchObject({
    outcome: "failed",
    seen: "Job tasks-1 is not over; pods are left: tasks-1-a",
  });
  scene.cluster.setStatus(refOf(job), { conditions: [{ type: "Complete", status: "True" }] });
  putPod(scene, "tasks-1-a", { owner: job, phase: "Succeeded", ready: false });
  expect(await look(scene, jobs)).toMatchObject({ outcome: "passed" });
});
