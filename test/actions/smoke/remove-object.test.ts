import { expect, test } from "@jest/globals";
import type { KubeObject } from "../../../src/kubernetes/kube-object.ts";
import { put, putDeployment, refOf } from "./fake/objects.ts";
import { createScripts, holds, makeStep, makeTest, take } from "./fake/scripted.ts";
import { createFakeWorld, createScene, type Scene } from "./fake/world.ts";

const MAP = { apiVersion: "v1", kind: "ConfigMap", name: "smoke-marker" } as const;

async function remove(
  scene: Scene,
  ref: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    readonly namespace?: string | undefined;
  },
) {
  const { check, load } = createScripts();
  const step = makeStep("s", [check("a", () => holds())], { finally: [{ kind: "delete", ref, line: 9 }] });
  const result = await take(scene, createFakeWorld(scene), [makeTest("t", [step])], load);
  return result.tests[0]?.steps[0]?.checks[1];
}

const isThere = (scene: Scene, object: KubeObject): boolean => scene.cluster.find(refOf(object)) !== undefined;

test("an object that a test has left is taken away at the end of its step, and one that is not there is no fault", async () => {
  const scene = createScene();
  const marker = put(scene, "ConfigMap", MAP.name);
  expect(await remove(scene, MAP)).toMatchObject({
    outcome: "passed",
    seen: "taken away",
    name: "delete ConfigMap/smoke-marker",
    line: 9,
  });
  expect(isThere(scene, marker)).toBe(false);
  expect(await remove(scene, MAP)).toMatchObject({ outcome: "passed", seen: "it was not there" });
});

test("what belongs to a release or to a controller is left alone", async () => {
  const scene = createScene();
  const ours = put(scene, "ConfigMap", "settings", { annotations: { "meta.helm.sh/release-name": "shop" } });
  expect(await remove(scene, { ...MAP, name: "settings" })).toMatchObject({
    outcome: "failed",
    seen: "it is left alone, since it belongs to the helm release shop",
  });
  expect(isThere(scene, ours)).toBe(true);
  const history = put(scene, "Secret", "sh.helm.release.v1.shop.v1", { labels: { owner: "helm", name: "shop" } });
  expect(await remove(scene, { ...MAP, kind: "Secret", name: history.metadata.name })).toMatchObject({
    outcome: "failed",
    seen: "it is left alone, since it belongs to helm, which keeps a release in it",
  });
  expect(isThere(scene, history)).toBe(true);
  putDeployment(scene, "api");
  const pod = { apiVersion: "v1", kind: "Pod", name: "api-1-0" };
  expect(await remove(scene, pod)).toMatchObject({
    outcome: "failed",
    seen: expect.stringContaining("belongs to ReplicaSet/api-1"),
  });
});

test("what belongs to everybody, and what holds data, is left alone", async () => {
  const scene = createScene();
  const namespace = put(scene, "Namespace", "other", { namespace: undefined });
  expect(await remove(scene, { apiVersion: "v1", kind: "Namespace", name: "other" })).toMatchObject({
    outcome: "failed",
  });
  const claim = put(scene, "PersistentVolumeClaim", "data");
  expect(await remove(scene, { apiVersion: "v1", kind: "PersistentVolumeClaim", name: "data" })).toMatchObject({
    outcome: "failed",
  });
  expect([namespace, claim].every((each) => isThere(scene, each))).toBe(true);
});
