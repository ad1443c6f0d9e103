import { describe, expect, test } from "@jest/globals";
import { actIn, type Outcome } from "./act.ts";
import { SHOP, WIDGET_CRD } from "./fake/charts.ts";
import { WORKSPACE } from "./fake/files.ts";
import { TAGS } from "./fake/kubelet.ts";
import { createFakeWorld, createScene, type Scene } from "./fake-world.ts";
import type { Given } from "./inputs.ts";

interface Cancelled {
  readonly scene: Scene;
  readonly done: Outcome;
}

/** A second deployment whose job is cancelled when helm comes to a point. */
async function cancelAt(
  point: string,
  given: Given = {},
  prepare: (scene: Scene) => void = () => {},
): Promise<Cancelled> {
  const scene = createScene();
  await actIn(createFakeWorld(scene), scene, { ...given, "helm-test": "false" });
  prepare(scene);
  const world = createFakeWorld(scene, { job: { runId: 101 } });
  let reached = false;
  scene.helm.at(point, () => {
    reached = true;
    world.cancel();
  });
  const done = await actIn(world, scene, { set: "tag=2", ...given });
  expect(reached).toBe(true);
  return { scene, done };
}

/** A cancelled job leaves nothing pending, rolls nothing back, and says what it is. */
function expectWoundUp({ scene, done }: Cancelled): void {
  expect([done.code, done.outputs.status]).toEqual(["cancelled", "cancelled"]);
  expect(scene.revisions().filter(({ status }) => status.startsWith("pending"))).toEqual([]);
  expect(scene.helm.calls.map(({ name }) => name)).not.toContain("rollback");
  expect(done.outputs["rolled-back-to"]).toBeUndefined();
  expect(done.world.records.at(-1)?.concluded).toBe(true);
}

describe("a job that is cancelled", () => {
  test("before helm changes anything changes nothing", async () => {
    const ended = await cancelAt("template.begin");

    expectWoundUp(ended);
    expect(ended.scene.revisions().map(({ status }) => status)).toEqual(["deployed"]);
  });

  test.each(["upgrade.begin", "upgrade.pending", "upgrade.apply.Deployment/api", "upgrade.waiting", "upgrade.end"])(
    "while helm works (%s) tells helm once, and leaves a revision that failed",
    async (point) => {
      const ended = await cancelAt(point);

      expectWoundUp(ended);
      expect(ended.scene.helm.last()?.interrupts).toBe(1);
      expect(ended.scene.revisions().map(({ status }) => status)).toEqual(["failed", "deployed"]);
      expect(ended.done.outputs).toMatchObject({ revision: 2, "previous-revision": 1 });
    },
  );

  test("while helm is killed by it leaves no pending release", async () => {
    const ended = await cancelAt("upgrade.waiting", {}, (scene) => {
      // As SIGKILL does, of the machine that runs out of memory.
      scene.helm.dies = true;
    });

    expectWoundUp(ended);
    expect(ended.scene.revisions().map(({ revision }) => revision)).toEqual([1]);
  });

  test("while the chart's tests run rolls nothing back", async () => {
    const scene = createScene();
    await actIn(createFakeWorld(scene), scene);
    const world = createFakeWorld(scene);
    scene.helm.at("test.begin", () => scene.time.after(100, world.cancel));
    const done = await actIn(world, scene, { "helm-test": "true" });

    expect(done.code).toBe("cancelled");
    expect(scene.helm.calls.map(({ name }) => name)).not.toContain("rollback");
    expect(scene.revisions()[0]?.status).toBe("deployed");
  });

  test.each([
    "rollback.begin",
    "rollback.pending",
    "rollback.apply.Deployment/api",
    "rollback.waiting",
    "rollback.end",
  ])("while it is rolled back (%s) keeps its cause, and leaves no rollback pending", async (point) => {
    const scene = createScene();
    await actIn(createFakeWorld(scene), scene);
    const world = createFakeWorld(scene);
    scene.helm.at(point, world.cancel);
    const done = await actIn(world, scene, { set: `tag=${TAGS.missing}` });

    expect([done.code, done.outputs["cause-code"]]).toEqual(["rollout-failed", "image-pull/not-found"]);
    expect([done.outputs.status, done.outputs["rolled-back-to"], done.outputs.revision]).toEqual([
      "failed",
      undefined,
      2,
    ]);
    expect(scene.revisions().map(({ status }) => status)).toEqual(["failed", "deployed"]);
  });

  test("between the failure and the rollback leaves what failed", async () => {
    const scene = createScene();
    await actIn(createFakeWorld(scene), scene);
    const world = createFakeWorld(scene);
    const writeReport = world.files.writeReport;
    Object.assign(world.files, {
      writeReport: (name: string, content: string) => {
        world.cancel();
        return writeReport(name, content);
      },
    });
    const done = await actIn(world, scene, { set: `tag=${TAGS.missing}` });

    expect([done.code, done.outputs.status, done.outputs.revision]).toEqual(["rollout-failed", "failed", 2]);
    expect(scene.helm.calls.map(({ name }) => name)).not.toContain("rollback");
  });
});

describe("a job that is cancelled while it waits", () => {
  /** Cancels after so many milliseconds. */
  async function cancelAfter(scene: Scene, milliseconds: number, given: Given = {}): Promise<Cancelled> {
    const world = createFakeWorld(scene);
    scene.time.after(milliseconds, world.cancel);
    return { scene, done: await actIn(world, scene, given) };
  }

  test("for nodes says so, at once", async () => {
    const ended = await cancelAfter(createScene(), 5_000, { "wait-for-nodes": "2" });

    expectWoundUp(ended);
    expect([ended.done.tookMs, ended.scene.revisions()]).toEqual([5_000, []]);
  });

  test("for CRDs says so", async () => {
    const scene = createScene();
    scene.helm.charts.set(`${WORKSPACE}/charts/shop`, { ...SHOP, crds: WIDGET_CRD });
    const ended = await cancelAfter(scene, 300);

    expectWoundUp(ended);
    expect(scene.revisions()).toEqual([]);
  });

  test("for somebody else's deployment says so, and leaves that alone", async () => {
    const scene = createScene();
    await actIn(createFakeWorld(scene), scene);
    const other = createFakeWorld(scene, { job: { runId: 200 } });
    const worked = actIn(other, scene, { set: `tag=${TAGS.slow}` });
    scene.github.runs.set("200/1", { status: "in_progress", attempt: 1, startedAt: new Date(0), endedAt: undefined });
    const mine = createFakeWorld(scene);
    scene.time.after(6_000, mine.cancel);
    const pause = scene.time.sleep(2_000).then(() => actIn(mine, scene, { set: "tag=3" }));
    const [first, second] = await scene.time.drive(Promise.all([worked, pause]));

    expect([first.code, second.code]).toEqual(["", "cancelled"]);
    expect(scene.revisions()[0]).toMatchObject({ revision: 2, status: "deployed" });
  });
});
