import { expect, test } from "@jest/globals";
import { loadCheckers } from "../../../../src/actions/smoke/checkers.ts";
import { UserError } from "../../../../src/kit/user-error.ts";
import type { CheckOf } from "../../../../src/smoke/smoke-test.ts";
import type { Events } from "../../../../src/smoke/spec/checks/events.ts";
import { makeCheck, takeOne } from "../fake/checks.ts";
import { put, putEvent, putPod, refOf } from "../fake/objects.ts";
import { makeStep, makeTest, take } from "../fake/scripted.ts";
import { createFakeWorld, createScene, type Scene } from "../fake/world.ts";

const NONE: Events = { type: "Warning", count: 0 };
const look = (scene: Scene, wanted: Events, more: Partial<CheckOf<"events">> = {}) =>
  takeOne(scene, makeCheck("events", wanted, { timeout: 3_000, ...more }));

test("what was reported before the smoke test began does not count", async () => {
  const scene = createScene();
  putEvent(scene, putPod(scene, "api"), "BackOff");
  expect(await look(scene, NONE)).toMatchObject({ outcome: "passed", seen: "none" });
});

test("a warning while it has to stay quiet fails at once, and is told with whom it is about", async () => {
  const scene = createScene();
  const pod = putPod(scene, "api");
  scene.time.after(2_000, () => putEvent(scene, pod, "BackOff", { message: "Back-off restarting failed container" }));
  const found = await look(scene, NONE, { consistently: 20_000, interval: 30_000 });
  expect(found).toMatchObject({
    outcome: "failed",
    expected: "no Warning event",
    seen: "1: Pod/api BackOff Back-off restarting failed container",
    involved: [refOf(pod)],
  });
  expect(found.toMs).toBeLessThanOrEqual(2_300);
});

test("where the watch began late, what came before it counts by the time that it bears", async () => {
  const scene = createScene();
  const pod = putPod(scene, "api");
  putEvent(scene, pod, "BackOff", { eventTime: "2026-11-21T11:59:00Z" });
  const started = scene.time.now();
  const slow = makeCheck("resources", { apiVersion: "v1", kind: "ConfigMap", name: "late", exists: true });
  const world = createFakeWorld(scene);
  const { lastingCluster: cluster } = world;
  if (cluster === undefined) throw new Error("no cluster");
  const lame = {
    ...cluster,
    follow: (async (kind, query, watcher) => {
      if (kind.kind === "Event" && scene.time.now() < started + 4_000) {
        throw new UserError("cluster-unreachable", "No answer.");
      }
      await cluster.follow(kind, query, watcher);
    }) satisfies typeof cluster.follow,
  };
  const takeWith = async (): Promise<unknown> => {
    const steps = [makeStep("wait", [slow]), makeStep("quiet", [makeCheck("events", NONE, { timeout: 3_000 })])];
    const result = await take(scene, { ...world, lastingCluster: lame }, [makeTest("t", steps)], loadCheckers);
    return result.tests[0]?.steps[1]?.checks[0];
  };
  scene.time.after(1_000, () => putEvent(scene, pod, "Unhealthy"));
  scene.time.after(5_000, () => put(scene, "ConfigMap", "late"));
  expect(await takeWith()).toMatchObject({ outcome: "failed", seen: expect.stringContaining("1: Pod/api Unhealthy") });
});

test("one that is reported again counts, by whatever field its time stands in", async () => {
  const scene = createScene();
  const pod = putPod(scene, "api");
  const event = putEvent(scene, pod, "Unhealthy", { eventTime: null, lastTimestamp: "2026-11-21T11:59:00Z", count: 4 });
  scene.time.after(1_000, () => scene.cluster.put({ ...event, count: 5, lastTimestamp: "2026-11-21T12:00:01Z" }));
  expect(await look(scene, NONE, { consistently: 5_000 })).toMatchObject({
    outcome: "failed",
    seen: expect.stringContaining("(×5)"),
  });
});

test("a look back counts what bears a time since then, in any of three fields", async () => {
  const scene = createScene();
  const pod = putPod(scene, "api");
  const times = [
    { eventTime: "2026-11-21T11:58:00Z" },
    { eventTime: null, firstTimestamp: "2026-11-21T10:00:00Z", lastTimestamp: "2026-11-21T11:59:00Z" },
    { eventTime: "2026-11-21T08:00:00Z", series: { count: 9, lastObservedTime: "2026-11-21T11:57:00Z" } },
    { eventTime: null, firstTimestamp: "2026-11-21T10:00:00Z", lastTimestamp: "2026-11-21T11:00:00Z" },
  ];
  for (const each of times) putEvent(scene, pod, "BackOff", each);
  expect(await look(scene, { ...NONE, since: 300_000, count: 3 })).toMatchObject({ outcome: "passed" });
  expect(await look(scene, { ...NONE, since: 300_000 })).toMatchObject({ outcome: "failed", tries: 1 });
});

test("one that is wanted is waited for", async () => {
  const scene = createScene();
  const claim = put(scene, "PersistentVolumeClaim", "data");
  scene.time.after(2_000, () => putEvent(scene, claim, "Provisioned", { type: "Normal" }));
  const wanted: Events = {
    type: "Normal",
    reason: "Provisioned",
    involvedObject: { kind: "PersistentVolumeClaim", name: "data" },
    count: { ">=": 1 },
  };
  expect(await look(scene, wanted)).toMatchObject({ outcome: "passed" });
  expect(await look(scene, { ...wanted, involvedObject: { kind: "Pod" } })).toMatchObject({
    outcome: "failed",
    expected: "at least 1: Normal event Provisioned about Pod",
    seen: "none",
  });
});
