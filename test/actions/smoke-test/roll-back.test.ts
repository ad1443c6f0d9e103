import { describe, expect, test } from "@jest/globals";
import { run } from "../../../src/actions/helm-deploy/run.ts";
import { act as deploy } from "../helm-deploy/act.ts";
import { createFakeWorld, createScene, type Scene } from "../helm-deploy/fake-world.ts";
import { readGiven } from "../helm-deploy/inputs.ts";
import { act, type Given, type Outcome, type WorldOptions } from "./fake-world.ts";

const URL = "https://shop.example/${release.revision}";
const SPEC = `apiVersion: mayfly/v1alpha1
kind: SmokeTest
metadata: { name: web }
spec:
  steps:
    - name: front
      try:
        - http: { url: "${URL}", status: 200 }
`;
const ROLLBACK: Given = { release: "shop", "on-failure": "rollback", "check-timeout": "2s" };

/** A release whose revisions answer as they are told to, by number. */
async function openScene(revisions: number, bad: readonly number[]): Promise<Scene> {
  const scene = createScene();
  scene.smoke.specs.set("smoke/web.yaml", SPEC);
  scene.smoke.network.answers.http = ({ url }) => ({ status: bad.some((one) => url.endsWith(`/${one}`)) ? 503 : 200 });
  for (let revision = 1; revision <= revisions; revision += 1) await deploy(scene, { set: `note=${revision}` });
  return scene;
}

function goBack(scene: Scene, given: Given = {}, options: WorldOptions = {}): Promise<Outcome> {
  return act(scene, { ...ROLLBACK, ...given }, options);
}

const statesOf = (scene: Scene): readonly string[] =>
  scene.revisions().map(({ revision, status }) => `${revision} ${status}`);
const callsOf = (scene: Scene, name: string) => scene.helm.calls.filter((call) => call.name === name);

describe("on-failure: rollback", () => {
  test("takes the release back to what was deployed, looks again, and the step still fails", async () => {
    const scene = await openScene(2, [2]);
    const done = await goBack(scene);

    expect(done.code).toBe("smoke-failed");
    expect(statesOf(scene)).toEqual(["3 deployed", "2 superseded", "1 superseded"]);
    expect(done.outputs).toMatchObject({ failed: 1, "rolled-back-to": 1, "passed-after-rollback": true });
    expect(done.message).toContain("shop went back to revision 1.");
    expect(done.message).toMatch(/After the rollback: 1 check passed/);
    expect(scene.smoke.network.asked.http.at(-1)?.url).toBe("https://shop.example/3");
  });

  test("leaves the release where it is when nobody could look", async () => {
    const scene = await openScene(2, []);
    scene.smoke.specs.set("smoke/web.yaml", SPEC.replace("status: 200", 'status: 200, requestHeaders: { a: "x\\ny" }'));
    const done = await goBack(scene);

    expect(done.code).toBe("smoke-failed");
    expect(done.message).toContain("Nothing shows that revision 2 of shop is bad: it is not rolled back.");
    expect(callsOf(scene, "rollback")).toEqual([]);
  });

  test("tells both in the summary and the reports", async () => {
    const scene = await openScene(2, [2]);
    const { summary, world } = await goBack(scene);

    expect(summary).toMatch(/^### Smoke test of `shop` revision 2: ❌ .*; ↩️ rolled back to revision 1\n/);
    expect(summary).toContain("#### After going back to revision 1: ✅ 1 check passed");
    expect(JSON.parse(world.reports.get("smoke.json") ?? "")).toMatchObject({
      outcome: "failed",
      rolledBackTo: 1,
      afterRollback: { outcome: "passed", passed: 1 },
    });
    expect(world.reports.get("smoke.xml")).toContain("<failure ");
    expect(world.reports.get("smoke-after-rollback.xml")).not.toContain("<failure ");
  });

  test("says so when it fails there, too, and goes no further", async () => {
    const scene = await openScene(3, [3, 4]);
    const done = await goBack(scene);

    expect(done.outputs).toMatchObject({ "rolled-back-to": 2, "passed-after-rollback": false });
    expect(callsOf(scene, "rollback")).toHaveLength(1);
    expect(done.summary).toContain("#### After going back to revision 2: ❌ 1 of 1 check failed");
  });

  test("never takes the copy of what was seen to fail", async () => {
    const scene = await openScene(3, [3, 4]);
    await goBack(scene);
    const done = await goBack(scene);

    expect(done.outputs["rolled-back-to"]).toBe(1);
    expect(statesOf(scene)[0]).toBe("5 deployed");
  });

  test("touches nothing while all is well", async () => {
    const scene = await openScene(2, []);
    const before = scene.cluster.version();
    const done = await goBack(scene);

    expect([done.code, scene.cluster.version()]).toEqual(["", before]);
  });

  test("leaves a first install, for a look", async () => {
    const scene = await openScene(1, [1]);
    const before = scene.cluster.version();
    const done = await goBack(scene);

    expect(scene.cluster.version()).toBe(before);
    expect(done.outputs).toMatchObject({ "rolled-back-to": undefined, "passed-after-rollback": undefined });
    expect(done.message).toContain("shop was never deployed before: there is nothing to go back to.");
  });

  test("leaves a release that somebody else has deployed meanwhile", async () => {
    const scene = await openScene(2, [2]);
    let meanwhile: Promise<unknown> | undefined;
    const { http } = scene.smoke.network.answers;
    scene.smoke.network.answers.http = (request) => {
      meanwhile ??= deployBeside(scene);
      return http(request);
    };
    const done = await goBack(scene, { "check-timeout": "30s" });
    await meanwhile;

    expect(done.code).toBe("smoke-failed");
    expect(callsOf(scene, "rollback")).toEqual([]);
    expect(done.message).toContain("shop is not what was looked at any more (revision 2; now 3 deployed)");
    expect(statesOf(scene)[0]).toBe("3 deployed");
  });

  test("leaves it in a job that was cancelled", async () => {
    const scene = await openScene(2, [2]);
    const done = await act(
      scene,
      { ...ROLLBACK, "check-timeout": "1m" },
      {
        prepare: (world) => scene.time.after(5_000, () => world.deploy.cancel()),
      },
    );

    expect(done.code).toBe("cancelled");
    expect(callsOf(scene, "rollback")).toEqual([]);
  });

  test("writes down what it does, for whoever has to end it", async () => {
    const scene = await openScene(2, [2]);
    const { world } = await goBack(scene, { kubeconfig: "/home/runner/kubeconfig", "kube-context": "shop" });

    const place = { release: "shop", namespace: "pr-12", kubeconfig: "/home/runner/kubeconfig", context: "shop" };
    expect(world.records).toEqual([
      { ...place, rollback: { revision: 3, target: 1 }, concluded: false },
      { ...place, rollback: { revision: 3, target: 1 }, concluded: true },
    ]);
    expect(callsOf(scene, "rollback")[0]?.parameters).toContain("--kube-context=shop");
  });

  test("says why it cannot go back", async () => {
    const scene = await openScene(2, [2]);
    scene.helm.fail("rollback.begin", "Error: timed out waiting for the condition");
    const done = await goBack(scene);

    expect(done.code).toBe("smoke-failed");
    expect(done.outputs["rolled-back-to"]).toBeUndefined();
    expect(done.world.deploy.warnings.join("\n")).toContain("shop could not go back to revision 1:");
  });

  test("is refused at once where the cluster is reached by commands of Azure alone", async () => {
    const scene = await openScene(2, [2]);
    const done = await goBack(scene, {}, { route: "run-command" });

    expect(done.code).toBe("route-needs-direct-cluster");
    expect(scene.smoke.network.asked.http).toEqual([]);
  });
});

/** Another job, whose steps come in between. */
async function deployBeside(scene: Scene): Promise<void> {
  await run(readGiven({ set: "note=3" }), createFakeWorld(scene, { job: { runId: 101 } }));
}
