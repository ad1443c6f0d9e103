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

/** One look, however long it takes. */
const settle = (probe: Probe): Promise<Look> => scene.time.drive(probe.look());

test("what is ready is believed at the third look, each a second after the one before, and then at once", async () => {
  put("ScaledJob", GOOD);
  const probe = begin({});
  expect(await settle(probe)).toMatchObject({
    state: "holds",
    expected: "ScaledJob worker Ready, not Fallback, not Paused",
  });
  expect(scope.elapsed()).toBe(2_000);
  expect(await probe.look()).toMatchObject({ state: "holds" });
});

test("what says that it is ready before a trigger was asked has to begin anew, with KEDA's own words", async () => {
  put("ScaledJob", GOOD);
  const reason = "TriggerError";
  const message = "Triggers defined in ScaledJob are not working correctly";
  scene.time.after(1_900, () => put("ScaledJob", { ...GOOD, Ready: ["False", reason, message] }));
  const about = { kind: "ScaledJob", name: "worker", namespace: NAMESPACE };
  for (const [name, why, told, at] of [
    ["one", "KEDAScalerFailed", "no such host", "2026-11-21T12:00:01Z"],
    ["two", "KEDAScalerFailed", 'consumer "workers" not found in stream "NOPE"', "2026-11-21T12:00:02Z"],
    ["three", "ScaledJobCheckFailed", "something else", "2026-11-21T12:00:03Z"],
  ]) {
    scene.cluster.put({
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: `${name}`, namespace: NAMESPACE },
      ...{ type: "Warning", reason: why, message: told, eventTime: at, involvedObject: about },
    });
  }
  const probe = begin({});
  expect(await settle(probe)).toMatchObject({
    state: "not-yet",
    seen: 'Ready is False (TriggerError): Triggers defined in ScaledJob are not working correctly; KEDAScalerFailed: consumer "workers" not found in stream "NOPE"',
    involved: [{ kind: "ScaledJob", namespace: NAMESPACE, name: "worker" }],
  });
  put("ScaledJob", GOOD);
  expect(await settle(probe)).toMatchObject({ state: "holds" });
  expect(scope.elapsed()).toBe(4_000);
});

test("what is called off before the third look was not seen, neither as so nor as not", async () => {
  put("ScaledJob", GOOD);
  const ending = new AbortController();
  scene.time.after(500, () => ending.abort());
  scope = { ...scope, until: ending.signal };
  expect(await settle(begin({}))).toMatchObject({ state: "unseen", seen: "it is so, in 1 of 3 looks in a row" });
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
