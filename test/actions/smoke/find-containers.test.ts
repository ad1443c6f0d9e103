import { expect, test } from "@jest/globals";
import { findContainers } from "../../../src/actions/smoke/find-containers.ts";
import type { Pods } from "../../../src/smoke/spec/pods.ts";
import { put, putDeployment, putPod } from "./fake/objects.ts";
import { createScope } from "./fake/scope.ts";
import { createFakeWorld, createScene, type Scene } from "./fake/world.ts";

const find = async (scene: Scene, pods: Pods): Promise<readonly string[]> => {
  const found = await findContainers(pods, createScope(scene, createFakeWorld(scene)));
  return found.map(({ namespace, pod, container }) => `${namespace}/${pod}/${container}`).sort();
};

test("running containers are found by pod, by labels and by workload", async () => {
  const scene = createScene();
  putDeployment(scene, "api", { replicas: 2 });
  putPod(scene, "other");
  const both = ["shop/api-1-0/main", "shop/api-1-1/main"];
  expect(await find(scene, { workload: "deployment/api" })).toEqual(both);
  expect(await find(scene, { selector: "app in (api)" })).toEqual(both);
  expect(await find(scene, { pod: "api-1-1" })).toEqual(["shop/api-1-1/main"]);
  expect(await find(scene, { workload: "deployment/web" })).toEqual([]);
  expect(await find(scene, { pod: "api-1-1", namespace: "default" })).toEqual([]);
});

test("pods that are being replaced, being deleted or not running are not looked into", async () => {
  const scene = createScene();
  putDeployment(scene, "api", { revision: "1" });
  putDeployment(scene, "api", { revision: "2" });
  const labels = { app: "api" };
  putPod(scene, "waiting", { labels, state: { waiting: { reason: "ContainerCreating" } } });
  const going = putPod(scene, "going", { labels });
  scene.cluster.put({ ...going, metadata: { ...going.metadata, finalizers: ["example.com/slow"] } });
  scene.cluster.remove({ apiVersion: "v1", kind: "Pod", namespace: "shop", name: "going" });
  expect(await find(scene, { selector: "app=api" })).toEqual(["shop/api-2-0/main"]);
});

test("of a StatefulSet and a DaemonSet only the newest revision is meant", async () => {
  const scene = createScene();
  const set = put(scene, "StatefulSet", "db", { apiVersion: "apps/v1", status: { updateRevision: "db-2" } });
  for (const hash of ["db-1", "db-2"]) {
    putPod(scene, `${hash}-pod`, { owner: set, labels: { app: "db", "controller-revision-hash": hash } });
  }
  const daemons = put(scene, "DaemonSet", "agent", { apiVersion: "apps/v1" });
  for (const revision of [1, 2]) {
    const labels = { app: "agent", "controller-revision-hash": `h${revision}` };
    put(scene, "ControllerRevision", `agent-${revision}`, {
      apiVersion: "apps/v1",
      owner: daemons,
      labels,
      fields: { revision },
    });
    putPod(scene, `agent-${revision}`, { owner: daemons, labels });
  }
  for (const pods of [{ workload: "statefulset/db" }, { selector: "app=db" }]) {
    expect(await find(scene, pods)).toEqual(["shop/db-2-pod/main"]);
  }
  for (const pods of [{ workload: "daemonset/agent" }, { selector: "app=agent" }]) {
    expect(await find(scene, pods)).toEqual(["shop/agent-2/main"]);
  }
});

test("pods that nobody replaces, of a Job or a ReplicaSet alone, are meant as they are", async () => {
  const scene = createScene();
  const job = put(scene, "Job", "task", { apiVersion: "batch/v1" });
  putPod(scene, "task-a", { owner: job, labels: { app: "task" } });
  const set = put(scene, "ReplicaSet", "alone", { apiVersion: "apps/v1" });
  putPod(scene, "alone-a", { owner: set, labels: { app: "task" } });
  expect(await find(scene, { selector: "app=task" })).toEqual(["shop/alone-a/main", "shop/task-a/main"]);
  expect(await find(scene, { workload: "job/task" })).toEqual(["shop/task-a/main"]);
});

test("labels that nobody can read are refused", async () => {
  await expect(find(createScene(), { selector: "app=a b" })).rejects.toMatchObject({ code: "smoke-spec-invalid" });
});
