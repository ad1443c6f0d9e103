import { describe, expect, test } from "@jest/globals";
import { renderRunLabels } from "../../../src/helm/run-labels.ts";
import { act, actIn } from "./act.ts";
import { SHOP } from "./fake/charts.ts";
import { writeRevision } from "./fake/records.ts";
import { START } from "./fake/time.ts";
import { createFakeWorld, createScene, JOB, NAMESPACE, type Scene } from "./fake-world.ts";
import type { Given } from "./inputs.ts";

const UNINSTALL: Given = { command: "uninstall", chart: "" };
const WHOLE: Given = { ...UNINSTALL, environment: "pr-12", "delete-namespace": "true" };
const HOME = { apiVersion: "v1", kind: "Namespace", name: NAMESPACE };
const API = { apiVersion: "apps/v1", kind: "Deployment", namespace: NAMESPACE, name: "api" };
const MARKS = { "auto-destroy": "true", "mayfly-environment": "pr-12", "mayfly-repository-id": "4711" };

/** A shop that is deployed, in a namespace with these labels. */
async function openScene(labels: Readonly<Record<string, string>> = MARKS): Promise<Scene> {
  const scene = createScene();
  scene.cluster.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE, labels } });
  await act(scene);
  return scene;
}

const callsOf = (scene: Scene): readonly string[] =>
  scene.helm.calls.map(({ name }) => name).filter((name) => name === "uninstall");

describe("uninstall", () => {
  test.each([3, 4] as const)("takes a release away with helm %d, and says so", async (major) => {
    const scene = await openScene();
    scene.helm.major = major;
    const done = await act(scene, UNINSTALL);

    expect([done.code, done.message]).toEqual(["", ""]);
    expect(done.outputs).toMatchObject({ status: "uninstalled", release: "shop", "previous-revision": 1 });
    expect(done.outputs["namespace-deleted"]).toBeUndefined();
    expect([scene.revisions(), scene.cluster.find(API)]).toEqual([[], undefined]);
    expect(scene.cluster.find(HOME)).toBeDefined();
    expect(done.summary).toContain("uninstalled");
  });

  test("is done where there is no release, and where there is no namespace", async () => {
    const scene = createScene();
    const first = await act(scene, UNINSTALL);
    scene.cluster.remove(HOME);
    const second = await act(scene, WHOLE);

    expect([first, second].map(({ code, outputs }) => [code, outputs.status])).toEqual([
      ["", "uninstalled"],
      ["", "uninstalled"],
    ]);
    expect(second.outputs["namespace-deleted"]).toBe(true);
    expect(callsOf(scene)).toEqual([]);
  });

  test("changes nothing with plan-only", async () => {
    const scene = await openScene();
    const before = scene.cluster.version();
    const done = await act(scene, { ...WHOLE, "plan-only": "true" });

    expect([done.outputs.status, scene.cluster.version()]).toEqual(["planned", before]);
    expect(done.summary).toContain("would be uninstalled");
    expect(done.summary).toContain("would be deleted");
  });

  test("says what is left, and what holds it, where helm waits in vain", async () => {
    const scene = await openScene();
    const held = scene.cluster.find(API);
    if (held === undefined) throw new Error("There is no Deployment.");
    scene.cluster.put({ ...held, metadata: { ...held.metadata, finalizers: ["example.com/wait"] } });
    const done = await act(scene, WHOLE);

    expect([done.code, done.outputs.status]).toEqual(["helm-timeout", "failed"]);
    expect(done.message).toContain("before all of the release was gone");
    expect(done.message).toContain("Still there: Deployment/api, held by its finalizers example.com/wait");
    expect(scene.cluster.find(HOME)?.metadata.deletionTimestamp).toBeUndefined();
  });

  test("is cut off by a cancel, and finished by the next run", async () => {
    const scene = await openScene();
    const world = createFakeWorld(scene);
    scene.helm.at("uninstall.pending", () => world.cancel());
    const done = await actIn(world, scene, WHOLE);
    expect([done.code, done.outputs.status]).toEqual(["cancelled", "cancelled"]);
    expect(scene.revisions()[0]?.status).toBe("uninstalling");
    expect(scene.cluster.find(HOME)?.metadata.deletionTimestamp).toBeUndefined();

    const again = await act(scene, WHOLE);
    expect([again.code, again.outputs.status, again.outputs["namespace-deleted"]]).toEqual(["", "uninstalled", true]);
    expect([scene.revisions(), scene.cluster.find(HOME)]).toEqual([[], undefined]);
  });
});

describe("a release that was half taken away", () => {
  const cutOff = async (): Promise<Scene> => {
    const scene = await openScene();
    const world = createFakeWorld(scene, { job: { runId: 77 } });
    let once = true;
    scene.helm.at("uninstall.pending", () => {
      if (once) world.cancel();
      once = false;
    });
    await actIn(world, scene, UNINSTALL);
    expect(scene.revisions()[0]?.status).toBe("uninstalling");
    return scene;
  };

  test("by a run that is over goes to its end, and is deployed anew", async () => {
    const scene = await cutOff();
    const [startedAt, endedAt] = [900_000, 0].map((ms) => new Date(scene.time.now() - ms));
    scene.github.runs.set("77/1", { status: "completed", attempt: 1, startedAt, endedAt });
    const done = await act(scene);

    expect([done.code, done.message, done.outputs.status]).toEqual(["", "", "deployed"]);
    expect(scene.revisions().map(({ revision, status }) => [revision, status])).toEqual([[1, "deployed"]]);
    expect(done.summary).toContain("Somebody had begun to uninstall shop");
  });

  test("is left alone where nobody knows whether that run is over", async () => {
    const scene = await cutOff();
    const done = await act(scene);

    expect([done.code, scene.revisions()[0]?.status]).toEqual(["release-locked", "uninstalling"]);
    expect(done.message).toContain("helm uninstall shop");
  });
});

describe("a release that a run has left pending", () => {
  function leave(scene: Scene): void {
    const [first] = scene.revisions();
    if (first === undefined) throw new Error("There is no release.");
    const labels = renderRunLabels({ ...JOB, runId: 77 }, 2);
    const deployedAt = new Date(START.getTime() - 600_000).toISOString();
    writeRevision(scene.cluster, {
      ...first,
      manifest: SHOP.render({}),
      revision: 2,
      status: "pending-upgrade",
      labels,
      deployedAt,
    });
  }
  const tell = (scene: Scene, status: string): void =>
    void scene.github.runs.set("77/1", {
      ...{ status, attempt: 1, startedAt: new Date(START.getTime() - 900_000) },
      endedAt: status === "completed" ? new Date(START.getTime() - 300_000) : undefined,
    });

  test("goes by its own record, once that run is over", async () => {
    const scene = await openScene();
    leave(scene);
    tell(scene, "completed");
    const done = await act(scene, UNINSTALL);

    expect([done.code, scene.revisions(), scene.cluster.find(API)]).toEqual(["", [], undefined]);
  });

  test("stays while that run works on it", async () => {
    const scene = await openScene();
    leave(scene);
    tell(scene, "in_progress");
    const done = await act(scene, { ...WHOLE, "lock-wait": "1m" });

    expect([done.code, callsOf(scene)]).toEqual(["release-locked", []]);
    expect(scene.cluster.find(API)).toBeDefined();
  });
});

describe("delete-namespace", () => {
  test("takes the environment's own namespace away, and waits until it is gone", async () => {
    const scene = await openScene();
    const finalizers = ["example.com/wait"];
    scene.cluster.put({ ...HOME, metadata: { name: NAMESPACE, finalizers } });
    scene.time.after(30_000, () => scene.cluster.put({ ...HOME, metadata: { name: NAMESPACE, finalizers: [] } }));
    const done = await act(scene, WHOLE);

    expect([done.code, done.outputs["namespace-deleted"], scene.cluster.find(HOME)]).toEqual(["", true, undefined]);
    expect(done.tookMs).toBeGreaterThan(25_000);
  });

  test.each<readonly [string, Readonly<Record<string, string>>]>([
    ["no marks", {}],
    ["a mark that somebody took back", { ...MARKS, "auto-destroy": "false" }],
    ["a mark in another form", { ...MARKS, "auto-destroy": "True" }],
  ])("leaves one alone that has %s, and says so", async (_, labels) => {
    const scene = await openScene(labels);
    const done = await act(scene, WHOLE);

    expect(done.outputs).toMatchObject({ status: "uninstalled", "namespace-deleted": false });
    expect(scene.cluster.find(HOME)?.metadata.deletionTimestamp).toBeUndefined();
    expect(done.world.warnings.join("\n")).toContain(`Namespace ${NAMESPACE} is not deleted: it`);
  });

  test.each<readonly [string, Readonly<Record<string, string>>]>([
    ["environment", { ...MARKS, "mayfly-environment": "pr-13" }],
    ["repository", { ...MARKS, "mayfly-repository-id": "4712" }],
  ])("leaves another %s's alone, and the release in it, too", async (_, labels) => {
    const scene = await openScene(labels);
    const done = await act(scene, WHOLE);

    expect([done.code, callsOf(scene), scene.revisions().length]).toEqual(["namespace-not-ours", [], 1]);
    expect(done.message).toContain("Nothing was uninstalled");
    expect([scene.cluster.find(HOME)?.metadata.deletionTimestamp, scene.cluster.find(API)]).toEqual([
      undefined,
      expect.anything(),
    ]);
  });

  test.each<readonly [string, Readonly<Record<string, string>>]>([
    ["somebody by hand", {}],
    ["another repository", renderRunLabels({ ...JOB, repositoryId: "4712" }, 1)],
  ])("leaves the release of %s alone in a namespace without marks", async (_, labels) => {
    const scene = await openScene({});
    const [release] = scene.revisions();
    if (release === undefined) throw new Error("There is no release.");
    writeRevision(scene.cluster, { ...release, manifest: SHOP.render({}), labels });
    const done = await act(scene, WHOLE);

    expect([done.code, callsOf(scene), scene.revisions().length]).toEqual(["namespace-not-ours", [], 1]);
  });

  test("leaves one alone that is marked otherwise between the look and the delete", async () => {
    const scene = await openScene();
    scene.cluster.settings.refuse = ({ verb, kind }) => {
      if (verb !== "delete" || kind !== "Namespace") return undefined;
      scene.cluster.put({ ...HOME, metadata: { name: NAMESPACE, labels: { ...MARKS, "auto-destroy": "false" } } });
      return undefined;
    };
    const done = await act(scene, WHOLE);

    expect([done.outputs["namespace-deleted"], done.code]).toEqual([false, ""]);
    expect(scene.cluster.find(HOME)?.metadata.deletionTimestamp).toBeUndefined();
  });

  test("gives up in time on one that does not go, and says what holds it", async () => {
    const scene = await openScene();
    scene.cluster.put({ ...HOME, metadata: { name: NAMESPACE, finalizers: ["example.com/wait"] } });
    const done = await act(scene, { ...WHOLE, timeout: "1m" });

    expect([done.code, done.outputs.status]).toEqual(["namespace-not-gone", "failed"]);
    expect(done.message).toContain("example.com/wait");
  });

  test("needs to know the environment", async () => {
    const scene = await openScene();
    const done = await act(scene, { ...UNINSTALL, "delete-namespace": "true" });

    expect([done.code, callsOf(scene)]).toEqual(["bad-input", []]);
    expect(done.message).toMatch(/^environment: expected/);
  });
});
