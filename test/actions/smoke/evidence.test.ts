import { expect, test } from "@jest/globals";
import { loadCheckers } from "../../../src/actions/smoke/checkers.ts";
import { KubeRefusal } from "../../../src/kubernetes/kube-refusal.ts";
import type { Step } from "../../../src/smoke/smoke-test.ts";
import { makeCheck } from "./fake/checks.ts";
import { put, putDeployment, putEvent, putPod, refOf } from "./fake/objects.ts";
import { makeStep, makeTest, take } from "./fake/scripted.ts";
import { createFakeWorld, createScene, NAMESPACE, type Scene } from "./fake/world.ts";

const NEVER = { apiVersion: "apps/v1", kind: "Deployment", name: "api", assert: { spec: { replicas: 99 } } } as const;

/** What is kept when a step fails, by its title. */
async function fail(
  scene: Scene,
  step: Partial<Step> = {},
  wanted = makeCheck("resources", NEVER, { timeout: 1_000 }),
  world = createFakeWorld(scene),
) {
  const result = await take(scene, world, [makeTest("t", [makeStep("s", [wanted], step)])], loadCheckers);
  return new Map(result.tests[0]?.steps[0]?.evidence.map(({ title, text }) => [title, text]));
}

test("a failure keeps state, events and logs of what was looked at, and of nothing else", async () => {
  const scene = createScene();
  putDeployment(scene, "api", { revision: "1" });
  const deployment = putDeployment(scene, "api", { revision: "2" });
  putEvent(scene, deployment, "ScalingReplicaSet", { type: "Normal" });
  putEvent(scene, putPod(scene, "other"), "BackOff");
  for (const pod of ["api-1-0", "api-2-0", "other"])
    scene.cluster.settings.logs.set(`${NAMESPACE}/${pod}/main`, `I am ${pod}\n`);
  const kept = await fail(scene);
  expect([...kept.keys()]).toEqual(["state", "events", "log of api-2-0/main"]);
  expect(kept.get("state")).toMatch(/^Deployment\/api \(shop\)[\s\S]*Pod\/api-2-0 \(shop\)/);
  expect(kept.get("state")).not.toMatch(/other|api-1-0/);
  expect(kept.get("events")).toContain("ScalingReplicaSet");
  expect(kept.get("events")).not.toContain("BackOff");
  expect(kept.get("log of api-2-0/main")).toBe("I am api-2-0\n");
});

test("the process ends with its failure: nobody goes on sleeping", async () => {
  const scene = createScene();
  putDeployment(scene, "api");
  const world = createFakeWorld(scene);
  const asleep = new Set<number>();
  const sleep: typeof world.sleep = async (milliseconds, until) => {
    asleep.add(milliseconds);
    await world.sleep(milliseconds, until);
    asleep.delete(milliseconds);
  };
  expect((await fail(scene, {}, undefined, { ...world, sleep })).size).toBeGreaterThan(0);
  // Timers that were ended say so in the next round.
  await new Promise((resolve) => setImmediate(resolve));
  expect([...asleep]).toEqual([]);
});

test("a Service leads to the pods that it selects, a Job to its own", async () => {
  const scene = createScene();
  const service = put(scene, "Service", "web", { spec: { selector: { app: "web" } } });
  putPod(scene, "web-0", { labels: { app: "web" } });
  const job = put(scene, "Job", "task", { apiVersion: "batch/v1" });
  putPod(scene, "task-0", { owner: job, phase: "Failed", ready: false, state: { terminated: { exitCode: 1 } } });
  for (const pod of ["web-0", "task-0"]) scene.cluster.settings.logs.set(`${NAMESPACE}/${pod}/main`, `I am ${pod}\n`);
  for (const [object, pod] of [
    [service, "web-0"],
    [job, "task-0"],
  ] as const) {
    const wanted = { apiVersion: object.apiVersion, kind: object.kind, name: object.metadata.name, condition: "Never" };
    const kept = await fail(scene, {}, makeCheck("resources", wanted, { timeout: 1_000 }));
    expect(kept.get(`log of ${pod}/main`)).toBe(`I am ${pod}\n`);
  }
});

test("a Service that no pod answers for says which labels it wants, and on which ports", async () => {
  const scene = createScene();
  const spec = { type: "ClusterIP", selector: { app: "wbe" }, ports: [{ name: "http", port: 80, targetPort: "web" }] };
  const { apiVersion, kind, metadata } = put(scene, "Service", "web", { spec });
  putPod(scene, "web-0", { labels: { app: "web" } });
  const wanted = { apiVersion, kind, name: metadata.name, condition: "Never" };
  const state = (await fail(scene, {}, makeCheck("resources", wanted, { timeout: 1_000 }))).get("state") ?? "";
  expect(state.split("\n").map((line) => line.trim().replace(/ +/g, " "))).toEqual([
    "Service/web (shop)",
    "type ClusterIP",
    "selector app=wbe",
    "ports http 80 to web",
    "no pod has these labels",
  ]);
});

test("a container that was started again and is not ready tells of the run before", async () => {
  const scene = createScene();
  putDeployment(scene, "api");
  const set = scene.cluster.find({ apiVersion: "apps/v1", kind: "ReplicaSet", namespace: NAMESPACE, name: "api-1" });
  if (set === undefined) throw new Error("no ReplicaSet");
  putPod(scene, "api-1-0", {
    owner: set,
    ready: false,
    more: { lastState: { terminated: { exitCode: 2 } }, restartCount: 3 },
  });
  scene.cluster.settings.logs.set(`${NAMESPACE}/api-1-0/main/previous`, "panic: no database\n");
  expect((await fail(scene)).get("log of api-1-0/main (the run before)")).toBe("panic: no database\n");
});

test("no secret is in it, no command of the runner, and not more than 64 KiB of each", async () => {
  const scene = createScene();
  putDeployment(scene, "api");
  const world = createFakeWorld(scene);
  world.mask("hunter2-hunter2");
  const line = `password=hunter2-hunter2 ${"x".repeat(2_000)}\n`;
  scene.cluster.settings.logs.set(`${NAMESPACE}/api-1-0/main`, `${line.repeat(100)}::error::mine\nthe end\n`);
  const log = (await fail(scene, {}, undefined, world)).get("log of api-1-0/main") ?? "";
  expect(log).toContain("password=***");
  expect(log).not.toContain("hunter2");
  expect(log).not.toMatch(/^::error::/m);
  expect(log.endsWith("the end\n")).toBe(true);
  expect(log.length).toBeLessThanOrEqual(65_600);
});

test("at most twelve logs are read, of the pods that are not ready first", async () => {
  const scene = createScene();
  putDeployment(scene, "api", { replicas: 30, ready: 29 });
  for (let index = 0; index < 30; index += 1)
    scene.cluster.settings.logs.set(`${NAMESPACE}/api-1-${index}/main`, "hello\n");
  const logs = [...(await fail(scene)).keys()].filter((title) => title.startsWith("log of"));
  expect(logs).toHaveLength(12);
  expect(logs[0]).toBe("log of api-1-29/main");
});

test("catch chooses what is kept", async () => {
  const scene = createScene();
  const deployment = putDeployment(scene, "api");
  putEvent(scene, putPod(scene, "other", { labels: { app: "other" } }), "BackOff");
  scene.cluster.settings.logs.set(`${NAMESPACE}/other/main`, "I am other\n");
  const catching = [{ podLogs: { selector: "app=other", tail: 5 } }, { events: {} }, { describe: refOf(deployment) }];
  const kept = await fail(scene, { catch: catching });
  expect([...kept.keys()].sort()).toEqual(["events", "log of other/main", "state"]);
  expect(kept.get("events")).toContain("BackOff");
  expect((await fail(scene, { catch: [] })).size).toBe(0);
});

test("what cannot be read is told in its place, and keeps nothing else from being read", async () => {
  const scene = createScene();
  putDeployment(scene, "api");
  scene.cluster.settings.logs.set(`${NAMESPACE}/api-1-0/main`, "hello\n");
  scene.cluster.settings.refuse = ({ verb, kind }) =>
    verb === "list" && kind === "Event" ? new KubeRefusal(403, "Forbidden", "events is forbidden") : undefined;
  const kept = await fail(scene);
  expect(kept.get("state")).toContain("(Event in shop cannot be read: events is forbidden)");
  expect(kept.get("log of api-1-0/main")).toBe("hello\n");
});
