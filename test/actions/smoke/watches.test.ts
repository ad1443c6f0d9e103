import { expect, test } from "@jest/globals";
import { loadCheckers } from "../../../src/actions/smoke/checkers.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import { KubeRefusal } from "../../../src/kubernetes/kube-refusal.ts";
import { makeCheck, takeOne } from "./fake/checks.ts";
import { KEDA } from "./fake/cluster.ts";
import { makeStep, makeTest, take } from "./fake/scripted.ts";
import { createFakeWorld, createScene, NAMESPACE, type Scene } from "./fake/world.ts";

function putMap(scene: Scene, name: string, data: Readonly<Record<string, string>> = {}) {
  scene.cluster.put({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: NAMESPACE }, data });
}

const exists = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", name, exists: true }) as const;

test("a hundred checks of two tests open one watch for each kind, and are done at once", async () => {
  const scene = createScene();
  for (let index = 0; index < 100; index += 1) putMap(scene, `map-${index}`);
  const world = createFakeWorld(scene);
  const steps = Array.from({ length: 50 }, (_, index) =>
    makeStep(`s${index}`, [
      makeCheck("resources", exists(`map-${index}`)),
      makeCheck("resources", exists(`map-${99 - index}`)),
    ]),
  );
  const result = await take(
    scene,
    world,
    [makeTest("a", steps.slice(0, 25)), makeTest("b", steps.slice(25))],
    loadCheckers,
  );
  expect(result.tests.map(({ outcome }) => outcome)).toEqual(["passed", "passed"]);
  expect(scene.cluster.followed).toEqual([{ apiVersion: "v1", kind: "ConfigMap", namespace: NAMESPACE }]);
  expect(result.durationMs).toBe(0);
});

test("a change is noticed within 300 ms, however long the interval is", async () => {
  const scene = createScene();
  scene.time.after(12_345, () => putMap(scene, "late"));
  const found = await takeOne(scene, makeCheck("resources", exists("late"), { interval: 30_000, timeout: 60_000 }));
  expect(found).toMatchObject({ outcome: "passed", tries: 2 });
  expect(found.toMs - 12_345).toBeLessThanOrEqual(300);
});

test("changes that never end do not let a check look more often than five times a second", async () => {
  const scene = createScene();
  for (let at = 0; at < 10_000; at += 10) scene.time.after(at, () => putMap(scene, "busy", { at: String(at) }));
  const found = await takeOne(scene, makeCheck("resources", exists("late"), { interval: 5_000, timeout: 10_000 }));
  expect(found.outcome).toBe("failed");
  expect(found.tries).toBeGreaterThan(20);
  expect(found.tries).toBeLessThanOrEqual(52);
});

test("a change of a kind that a check has not asked for does not wake it", async () => {
  const scene = createScene();
  scene.time.after(1_000, () => putMap(scene, "other"));
  const wanted = { apiVersion: "v1", kind: "Secret", name: "late", exists: true } as const;
  const found = await takeOne(scene, makeCheck("resources", wanted, { interval: 4_000, timeout: 8_000 }));
  expect(found.tries).toBe(3);
});

test("a kind that the cluster learns of later is waited for", async () => {
  const scene = createScene();
  scene.time.after(4_000, () => scene.cluster.define(KEDA, "ScaledJob"));
  scene.time.after(6_000, () =>
    scene.cluster.put({ apiVersion: KEDA, kind: "ScaledJob", metadata: { name: "worker", namespace: NAMESPACE } }),
  );
  const found = await takeOne(
    scene,
    makeCheck("resources", { apiVersion: KEDA, kind: "ScaledJob", name: "worker", exists: true }),
  );
  expect(found.outcome).toBe("passed");
  expect(found.toMs).toBeLessThanOrEqual(6_300);
});

test("a kind that the cluster never learns of fails in the end, also where it must not be there", async () => {
  const scene = createScene();
  const wanted = { apiVersion: "apps/v1", kind: "Deploymnet", name: "api", exists: true } as const;
  for (const negated of [false, true]) {
    const found = await takeOne(scene, makeCheck("resources", wanted, { negated, timeout: 3_000 }));
    expect(found).toMatchObject({
      outcome: "failed",
      seen: expect.stringContaining("kind-unknown: The cluster does not know Deploymnet of apps/v1"),
    });
  }
});

test("a right that is missing fails a check at once, and is named", async () => {
  const scene = createScene();
  const message =
    'secrets is forbidden: User "job" cannot list resource "secrets" in API group "" in the namespace "shop"';
  scene.cluster.settings.refuse = ({ verb }) =>
    verb === "watch" ? new KubeRefusal(403, "Forbidden", message) : undefined;
  const found = await takeOne(
    scene,
    makeCheck("resources", { apiVersion: "v1", kind: "Secret", name: "db", exists: true }),
  );
  expect(found).toMatchObject({
    outcome: "failed",
    tries: 1,
    seen: expect.stringContaining(`smoke-forbidden: the cluster does not let this job look: ${message}`),
  });
});

test("a watch that breaks off is begun again, and what has gone meanwhile is missed", async () => {
  const scene = createScene();
  putMap(scene, "gone");
  const world = createFakeWorld(scene);
  const { lastingCluster: cluster } = world;
  let watches = 0;
  if (cluster === undefined) throw new Error("no cluster");
  const breaking = {
    ...cluster,
    follow: (async (kind, query, watcher) => {
      watches += 1;
      if (watches > 1) return cluster.follow(kind, query, watcher);
      for (const object of await cluster.list(kind, query)) watcher.onChange({ type: "added", object });
      watcher.onSynced?.();
      await scene.time.sleep(2_000);
      scene.cluster.remove({ ...exists("gone"), namespace: NAMESPACE });
      throw new UserError("cluster-unreachable", "No answer.");
    }) satisfies typeof cluster.follow,
  };
  const check = makeCheck("resources", exists("gone"), { negated: true, timeout: 10_000 });
  const test = makeTest("t", [makeStep("s", [check])]);
  const result = await take(scene, { ...world, lastingCluster: breaking }, [test], loadCheckers);
  expect(result.tests[0]?.steps[0]?.checks).toMatchObject([{ outcome: "passed" }]);
  expect(watches).toBe(2);
});

test("what was heard before a watch broke off does not hold for as long as nothing is heard", async () => {
  const scene = createScene();
  putMap(scene, "gone");
  const world = createFakeWorld(scene);
  const { lastingCluster: cluster } = world;
  if (cluster === undefined) throw new Error("no cluster");
  const breaking = {
    ...cluster,
    follow: (async (kind, query, watcher) => {
      scene.time.after(2_000, () => watcher.onStanding?.(false));
      scene.time.after(6_000, () => watcher.onStanding?.(true));
      await cluster.follow(kind, query, watcher);
    }) satisfies typeof cluster.follow,
  };
  const takeFor = async (consistently: number) => {
    const check = makeCheck("resources", exists("gone"), { timeout: 1_000, consistently });
    const test = makeTest("t", [makeStep("s", [check])]);
    const result = await take(scene, { ...world, lastingCluster: breaking }, [test], loadCheckers);
    return result.tests[0]?.steps[0]?.checks[0];
  };
  expect(await takeFor(3_000)).toMatchObject({ outcome: "failed", seen: expect.stringContaining("no answer in time") });
  // The look that has waited counts from when it began.
  expect(await takeFor(8_000)).toMatchObject({ outcome: "passed" });
});

test("without a cluster the check says what is missing", async () => {
  const scene = createScene();
  const found = await takeOne(scene, makeCheck("resources", exists("a")), createFakeWorld(scene, { noCluster: true }));
  expect(found).toMatchObject({ outcome: "failed", seen: expect.stringContaining("smoke-needs-cluster: ") });
});
