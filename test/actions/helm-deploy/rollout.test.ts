import { describe, expect, test } from "@jest/globals";
import { act } from "./act.ts";
import { deployment, document, job, SHOP } from "./fake/charts.ts";
import { REPORTS, WORKSPACE } from "./fake/files.ts";
import { CRASH_LOG, SLOW_MS, TAGS } from "./fake/kubelet.ts";
import { createScene, NAMESPACE, type Scene } from "./fake-world.ts";

const FIVE_MINUTES_MS = 300_000;

function putChart(scene: Scene, render: string | (() => string)): void {
  scene.helm.charts.set(`${WORKSPACE}/charts/shop`, {
    ...SHOP,
    render: typeof render === "string" ? () => render : render,
  });
}

const namesOf = (scene: Scene) => scene.helm.calls.map(({ name }) => name);

describe("a rollout that succeeds", () => {
  test("tells all that is there now", async () => {
    const scene = createScene();
    await act(scene);
    const done = await act(scene, { set: "tag=2" });

    expect(done.code).toBe("");
    expect(done.outputs).toMatchObject({
      status: "deployed",
      release: "shop",
      namespace: NAMESPACE,
      revision: 2,
      "previous-revision": 1,
      changed: true,
      "rolled-back-to": undefined,
      cause: undefined,
      "cause-code": undefined,
      "app-version": "2.0.1",
      "chart-version": "1.4.0",
      "image-digests": JSON.stringify({ "shop.azurecr.io/api:2": `sha256:${"a".repeat(64)}` }),
    });
    expect(done.outputs["ready-ms"]).toBeGreaterThan(1_000);
    expect(done.outputs["evidence-path"]).toBeUndefined();
    expect(done.world.records.at(-1)?.concluded).toBe(true);
  });

  test("leaves the labels of its run on its revision, and helm's description says which", async () => {
    const scene = createScene();
    await act(scene);

    expect(scene.revisions()[0]?.labels).toMatchObject({ "mayfly-run-id": "100", "mayfly-revision": "1" });
    expect(scene.revisions()[0]?.description).toBe("https://github.com/octo/shop/actions/runs/100/attempts/1");
  });

  test("is waited for as long as it needs", async () => {
    const scene = createScene();
    const done = await act(scene, { set: `tag=${TAGS.slow}` });

    expect(done.code).toBe("");
    expect(done.outputs["ready-ms"]).toBeGreaterThan(SLOW_MS);
  });

  test("says loudly what looks wrong although it is ready", async () => {
    const scene = createScene();
    const service = `apiVersion: v1\nkind: Service\nmetadata: {name: api}\nspec: {clusterIP: 10.0.0.1, selector: {app: nobody}, ports: [{port: 80}]}`;
    putChart(scene, deployment("api") + document("service", service));
    const done = await act(scene);

    expect([done.code, done.outputs.status]).toEqual(["", "deployed"]);
    expect(done.world.warnings.join()).toContain("it selects pods with app=nobody, and there are none");
  });

  test("keeps evidence where it is always wanted", async () => {
    const scene = createScene();
    const done = await act(scene, { evidence: "always" });

    expect(done.outputs["evidence-path"]).toBe(`${REPORTS}/shop`);
  });
});

describe("a rollout that fails", () => {
  test("is known within seconds, told in one line, and goes back to what was deployed", async () => {
    const scene = createScene();
    await act(scene);
    const done = await act(scene, { set: `tag=${TAGS.missing}` });

    expect(done.tookMs).toBeLessThan(5_000);
    expect(done.code).toBe("rollout-failed");
    expect(done.message.split("\n")[0]).toMatch(/^Deployment\/api: .* there is no tag typo of api$/);
    expect(done.outputs).toMatchObject({
      status: "rolled-back",
      "cause-code": "image-pull/not-found",
      "rolled-back-to": 1,
      revision: 3,
      "previous-revision": 1,
    });
    expect(scene.revisions().map(({ status }) => status)).toEqual(["deployed", "failed", "superseded"]);
  });

  test("is ended by telling helm to stop, then looked at, then rolled back", async () => {
    const scene = createScene();
    await act(scene);
    putChart(scene, deployment("api", { tag: TAGS.crashing }) + deployment("web", { tag: TAGS.slow }));
    const order: string[] = [];
    scene.cluster.settings.refuse = ({ verb }) => {
      if (verb === "log") order.push(`log while ${scene.revisions()[0]?.status}`);
      return undefined;
    };
    scene.helm.at("rollback.begin", () => void order.push("rollback"));
    await act(scene);

    expect(order).toEqual(["log while failed", "rollback"]);
    expect(scene.helm.calls.filter(({ name }) => name === "upgrade")).toHaveLength(2);
  });

  test("that helm calls deployed fails here, and goes back past it", async () => {
    const scene = createScene();
    putChart(scene, deployment("api", { probe: false }));
    await act(scene);
    putChart(scene, deployment("api", { tag: TAGS.crashing, probe: false }));
    const done = await act(scene);

    expect(scene.revisions()[1]).toMatchObject({ revision: 2, status: "superseded" });
    expect([done.code, done.outputs["cause-code"]]).toEqual(["rollout-failed", "crash/exit"]);
    expect(done.outputs).toMatchObject({ status: "rolled-back", "rolled-back-to": 1, revision: 3 });
    expect(done.message).toContain(`Its log ends:\n  starting\n  ${CRASH_LOG}`);
  });

  test("because a Job of the chart does is a failure", async () => {
    const scene = createScene();
    await act(scene);
    putChart(scene, deployment("api") + job("import", { tag: TAGS.failing }));
    const done = await act(scene);

    expect([done.code, done.outputs["cause-code"], done.outputs.status]).toEqual([
      "rollout-failed",
      "job/failed",
      "rolled-back",
    ]);
  });

  test("in a hook says why the hook has failed, and the next deployment does not fail of the Job that is left", async () => {
    const scene = createScene();
    putChart(scene, deployment("api"));
    await act(scene);
    putChart(scene, deployment("api") + job("migrate", { tag: TAGS.failing, hook: "pre-upgrade" }));
    const done = await act(scene);
    expect([done.code, done.outputs["cause-code"]]).toEqual(["rollout-failed", "job/failed"]);

    scene.time.after(30_000, () => {});
    putChart(scene, deployment("api", { tag: "2" }) + job("migrate", { hook: "pre-upgrade" }));
    expect((await act(scene)).code).toBe("");
  });

  test("of itself, without a cause in the cluster, is told in helm's words", async () => {
    const scene = createScene();
    await act(scene);
    scene.helm.fail("upgrade.apply.ConfigMap/settings", 'admission webhook "no.example" denied the request: not today');
    const done = await act(scene, { set: "tag=2" });

    expect([done.code, done.outputs.status, done.outputs["rolled-back-to"]]).toEqual([
      "admission-denied",
      "rolled-back",
      1,
    ]);
    expect(done.outputs.cause).toBeUndefined();
    expect(done.message).toContain("not today");
  });

  test("because its time is over says what it has waited for", async () => {
    const scene = createScene();
    await act(scene);
    const done = await act(scene, { set: `tag=${TAGS.unready}`, timeout: "20s" });

    expect([done.code, done.outputs.status]).toEqual(["rollout-failed", "rolled-back"]);
    expect(done.message).toMatch(/^Deployment\/api: /);
  });

  test("the first time is left as it is, for a look", async () => {
    const scene = createScene();
    const done = await act(scene, { set: `tag=${TAGS.missing}` });

    expect([done.outputs.status, done.outputs["rolled-back-to"], done.outputs.revision]).toEqual([
      "failed",
      undefined,
      1,
    ]);
    expect(scene.revisions().map(({ status }) => status)).toEqual(["failed"]);
    expect(
      scene.cluster.find({ apiVersion: "apps/v1", kind: "Deployment", namespace: NAMESPACE, name: "api" }),
    ).toBeDefined();
    expect(done.summary).toContain("there is nothing to go back to");
  });

  test("goes back to the newest that was deployed, not to the one before", async () => {
    const scene = createScene();
    await act(scene);
    await act(scene, { set: "tag=2" });
    await act(scene, { set: `tag=${TAGS.missing}`, rollback: "never" });
    await act(scene, { set: `tag=${TAGS.missing}`, rollback: "never" });
    const done = await act(scene, { set: `tag=${TAGS.missing}` });

    expect([done.outputs["rolled-back-to"], done.outputs.revision]).toEqual([2, 6]);
  });

  test("is not rolled back where nobody wants it", async () => {
    const scene = createScene();
    await act(scene);
    const done = await act(scene, { set: `tag=${TAGS.missing}`, rollback: "never" });

    expect([done.outputs.status, namesOf(scene).includes("rollback")]).toEqual(["failed", false]);
  });

  test("whose way back fails says so, with the line to take it by hand", async () => {
    const scene = createScene();
    await act(scene);
    scene.helm.fail("rollback.apply.Deployment/api", "etcdserver: leader changed");
    const done = await act(scene, { set: `tag=${TAGS.missing}` });

    expect([done.code, done.outputs.status, done.outputs["rolled-back-to"]]).toEqual([
      "rollout-failed",
      "failed",
      undefined,
    ]);
    const text = `To do: helm rollback shop 1 --namespace ${NAMESPACE} --wait`;
    expect(done.world.annotations).toContainEqual(
      expect.objectContaining({
        level: "error",
        message: expect.stringContaining(text),
        place: { title: "Not rolled back" },
      }),
    );
  });
});

describe("who waits", () => {
  test("helm alone knows of a failure when its time is over", async () => {
    const scene = createScene();
    await act(scene);
    const done = await act(scene, { set: `tag=${TAGS.missing}`, wait: "helm" });

    expect([done.code, done.outputs.status]).toEqual(["helm-timeout", "rolled-back"]);
    expect(done.tookMs).toBeGreaterThanOrEqual(FIVE_MINUTES_MS);
  });

  test("nobody: what was applied is deployed, and nothing is rolled back", async () => {
    const scene = createScene();
    await act(scene);
    const done = await act(scene, { set: `tag=${TAGS.missing}`, wait: "none" });

    expect([done.code, done.outputs.status]).toEqual(["", "deployed"]);
    expect(done.tookMs).toBeLessThan(1_000);
  });
});
