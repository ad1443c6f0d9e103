import { beforeEach, expect, test } from "@jest/globals";
import { kedaChecker } from "../../../../src/actions/smoke/checks/keda.ts";
import type { Look, Probe } from "../../../../src/actions/smoke/look.ts";
import type { Scope } from "../../../../src/actions/smoke/scope.ts";
import type { Keda } from "../../../../src/smoke/spec/checks/keda.ts";
import { KEDA } from "../fake/cluster.ts";
import { createScope } from "../fake/scope.ts";
import { createFakeWorld, createScene, NAMESPACE, type Scene } from "../fake/world.ts";

let scene: Scene;
let scope: Scope;

beforeEach(() => {
  scene = createScene();
  scene.cluster.define(KEDA, "ScaledJob", "ScaledObject");
  scope = createScope(scene, createFakeWorld(scene));
});

type Said = Readonly<Record<string, string | readonly [status: string, reason: string, message: string]>>;
/** As KEDA says it of one that works and has nothing to do. */
const GOOD: Said = { Ready: "True", Active: "False", Fallback: "Unknown", Paused: "False" };

function put(kind: "ScaledJob" | "ScaledObject", said: Said): void {
  const conditions = Object.entries(said).map(([type, one]) => {
    const [status, reason = "", message = ""] = typeof one === "string" ? [one] : one;
    return { type, status, reason, message };
  });
  scene.cluster.put({
    apiVersion: KEDA,
    kind,
    metadata: { name: "worker", namespace: NAMESPACE },
    status: { conditions },
  });
}

function putAutoscaler(name: string, conditions: readonly object[] = []): void {
  const metadata = { name, namespace: NAMESPACE };
  scene.cluster.put({
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata,
    status: { conditions },
  });
}

const DEFAULTS = { ready: true, fallback: false, paused: false };
const begin = (payload: Partial<Keda>): Probe =>
  kedaChecker.begin({ ...DEFAULTS, scaledJob: "worker", ...payload }, scope);
const later = (milliseconds: number): Promise<void> => scene.time.drive(scene.time.sleep(milliseconds));

/** Three looks, as far apart as they have to be. */
async function settle(probe: Probe): Promise<Look> {
  await probe.look();
  await later(1_000);
  await probe.look();
  await later(1_000);
  return probe.look();
}

test("what is ready is believed at the third look, each a second after the one before", async () => {
  put("ScaledJob", GOOD);
  const probe = begin({});
  for (const [waited, state] of [
    [0, "unseen"],
    [400, "unseen"],
    [600, "unseen"],
    [100, "unseen"],
    [900, "holds"],
  ] as const) {
    await later(waited);
    expect(await probe.look()).toMatchObject({ state, expected: "ScaledJob worker Ready, not Fallback, not Paused" });
  }
  expect(scope.elapsed()).toBe(2_000);
});

test("what says that it is ready before a trigger was asked has to begin anew, with KEDA's own words", async () => {
  put("ScaledJob", GOOD);
  const probe = begin({});
  await probe.look();
  await later(1_000);
  await probe.look();
  put("ScaledJob", {
    ...GOOD,
    Ready: ["False", "TriggerError", "Triggers defined in ScaledJob are not working correctly"],
  });
  const about = { kind: "ScaledJob", name: "worker", namespace: NAMESPACE };
  for (const [name, reason, message, at] of [
    ["one", "KEDAScalerFailed", "no such host", "2026-11-21T12:00:01Z"],
    ["two", "KEDAScalerFailed", 'consumer "workers" not found in stream "NOPE"', "2026-11-21T12:00:02Z"],
    ["three", "ScaledJobCheckFailed", "something else", "2026-11-21T12:00:03Z"],
  ]) {
    const metadata = { name: `${name}`, namespace: NAMESPACE };
    scene.cluster.put({
      apiVersion: "v1",
      kind: "Event",
      metadata,
      type: "Warning",
      reason,
      message,
      eventTime: at,
      involvedObject: about,
    });
  }
  await later(1_000);
  expect(await probe.look()).toMatchObject({
    state: "not-yet",
    seen: 'Ready is False (TriggerError): Triggers defined in ScaledJob are not working correctly; KEDAScalerFailed: consumer "workers" not found in stream "NOPE"',
    involved: [{ kind: "ScaledJob", namespace: NAMESPACE, name: "worker" }],
  });
  put("ScaledJob", GOOD);
  await later(1_000);
  expect(await probe.look()).toMatchObject({ state: "unseen" });
  await later(1_000);
  expect(await probe.look()).toMatchObject({ state: "unseen" });
  await later(1_000);
  expect(await probe.look()).toMatchObject({ state: "holds" });
});

test("one that KEDA has not looked at yet, or that is not there, is not ready", async () => {
  expect(await settle(begin({}))).toMatchObject({ state: "not-yet", seen: "there is no ScaledJob worker in shop" });
  put("ScaledJob", {});
  expect(await settle(begin({}))).toMatchObject({ state: "not-yet", seen: "Ready is not said yet" });
  put("ScaledJob", { ...GOOD, Ready: "Unknown" });
  expect(await settle(begin({}))).toMatchObject({ state: "not-yet", seen: "Ready is Unknown" });
  expect(await settle(begin({ ready: false }))).toMatchObject({ state: "holds" });
});

test("active, fallback and paused are as they are asked for; a fallback that was never needed is none", async () => {
  put("ScaledJob", { Ready: "True", Active: "True", Fallback: "Unknown", Paused: "False" });
  expect(await settle(begin({ active: true }))).toMatchObject({ state: "holds" });
  expect(await settle(begin({ active: false }))).toMatchObject({ state: "not-yet", seen: "Active is True" });
  expect(await settle(begin({ fallback: true }))).toMatchObject({ state: "not-yet", seen: "Fallback is Unknown" });
  put("ScaledJob", { ...GOOD, Fallback: "True", Paused: "True" });
  expect(await settle(begin({}))).toMatchObject({ state: "not-yet", seen: "Fallback is True; Paused is True" });
  expect(await settle(begin({ fallback: true, paused: true }))).toMatchObject({ state: "holds" });
});

test("a ScaledObject has its autoscaler, which scales or is at zero", async () => {
  const scaledObject = { scaledJob: undefined, scaledObject: "worker" };
  put("ScaledObject", GOOD);
  expect(await settle(begin(scaledObject))).toMatchObject({
    state: "not-yet",
    seen: "its HorizontalPodAutoscaler keda-hpa-worker is not there",
  });
  const disabled = { type: "ScalingActive", status: "False", reason: "ScalingDisabled", message: "at zero" };
  putAutoscaler("keda-hpa-worker", [disabled]);
  expect(await settle(begin(scaledObject))).toMatchObject({ state: "holds" });
  putAutoscaler("keda-hpa-worker", [{ ...disabled, reason: "FailedGetExternalMetric", message: "no metrics" }]);
  expect(await settle(begin(scaledObject))).toMatchObject({
    state: "not-yet",
    seen: expect.stringMatching(/does not scale: ScalingActive is False \(FailedGetExternalMetric\): no metrics$/),
  });
  put("ScaledObject", { ...GOOD, Paused: "True" });
  expect(await settle(begin({ ...scaledObject, paused: true }))).toMatchObject({ state: "holds" });
});

test("another namespace, and a cluster without KEDA", async () => {
  expect(await begin({ namespace: "other" }).look()).toMatchObject({ seen: "there is no ScaledJob worker in other" });
  const bare = createScene();
  const probe = kedaChecker.begin({ ...DEFAULTS, scaledJob: "worker" }, createScope(bare, createFakeWorld(bare)));
  await expect(probe.look()).rejects.toMatchObject({ code: "kind-unknown" });
});
