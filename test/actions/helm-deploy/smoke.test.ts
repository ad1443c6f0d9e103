import { describe, expect, test } from "@jest/globals";
import { KubeRefusal } from "../../../src/kubernetes/kube-refusal.ts";
import { act, actIn } from "./act.ts";
import { REPORTS } from "./fake/files.ts";
import { TAGS } from "./fake/kubelet.ts";
import { writeRevision } from "./fake/records.ts";
import { createFakeWorld, createScene, type Scene } from "./fake-world.ts";
import type { Given } from "./inputs.ts";

// biome-ignore lint/suspicious/noTemplateCurlyInString: as specs have it
const URL = "https://${host}.example/${release.revision}";
const SPEC = `apiVersion: mayfly/v1alpha1
kind: SmokeTest
metadata: { name: web }
spec:
  timeout: 2s
  steps:
    - name: front
      try:
        - http: { url: "${URL}", status: 200 }
`;
const SMOKE: Given = { smoke: "smoke/*.yaml", "smoke-variables": "host=shop" };
/** It does not get as far as its smoke test. */
const BROKEN: Given = { ...SMOKE, set: `tag=${TAGS.crashing}` };

/** A shop whose revisions answer as they are told to, by number. */
function openScene(bad: readonly number[] = []): Scene {
  const scene = createScene();
  scene.smoke.specs.set("smoke/web.yaml", SPEC);
  scene.smoke.network.answers.http = ({ url }) => ({ status: bad.some((one) => url.endsWith(`/${one}`)) ? 503 : 200 });
  return scene;
}

const statesOf = (scene: Scene): readonly string[] =>
  scene.revisions().map(({ revision, status }) => `${revision} ${status}`);
const askedOf = (scene: Scene): readonly string[] => scene.smoke.network.asked.http.map(({ url }) => url);

describe("a release with a smoke test", () => {
  test("is deployed when that passes, and says so", async () => {
    const scene = openScene();
    const done = await act(scene, SMOKE);

    expect([done.code, done.message]).toEqual(["", ""]);
    expect(done.outputs).toMatchObject({
      status: "deployed",
      "smoke-junit-path": `${REPORTS}/smoke.xml`,
      "smoke-report-path": `${REPORTS}/smoke.json`,
    });
    expect(done.summary).toContain("#### Smoke test of revision 1: ✅ 1 check passed");
    expect(askedOf(scene)).toEqual(["https://shop.example/1"]);
    expect(scene.smoke.ended).toBe(1);
  });

  test("is looked at after the chart's own tests", async () => {
    const scene = openScene();
    const order: string[] = [];
    scene.helm.at("test.begin", () => void order.push(`test, asked ${askedOf(scene).length}`));
    await act(scene, { ...SMOKE, "helm-test": "true" });

    expect(order).toEqual(["test, asked 0"]);
    expect(askedOf(scene)).toHaveLength(1);
  });

  test("goes back when that fails, is looked at again, and tells of both", async () => {
    const scene = openScene([2]);
    await act(scene, SMOKE);
    const done = await act(scene, { ...SMOKE, set: "tag=2" });

    expect(done.code).toBe("smoke-failed");
    expect(statesOf(scene)).toEqual(["3 deployed", "2 superseded", "1 superseded"]);
    expect(done.outputs).toMatchObject({
      status: "rolled-back",
      revision: 3,
      "previous-revision": 1,
      "rolled-back-to": 1,
      "cause-code": "smoke/failed",
      cause: expect.stringMatching(/^front: http https:\/\/shop\.example\/2: expected .*200.*; seen: .*503/),
    });
    expect(done.message).toContain("shop went back to revision 1.");
    expect(done.message).toContain("After going back to revision 1: 1 check passed");
    expect(done.summary).toContain("#### Smoke test of revision 2: ❌ 1 of 1 check failed");
    expect(done.summary).toContain("#### Smoke test of revision 3, after going back: ✅ 1 check passed");
    const report = done.world.files.all.get(`${REPORTS}/smoke.json`)?.content ?? "";
    expect(JSON.parse(report)).toMatchObject({
      outcome: "failed",
      rolledBackTo: 1,
      afterRollback: { outcome: "passed" },
    });
    expect(done.world.annotations.find(({ place }) => place && "file" in place)).toMatchObject({
      level: "error",
      place: { file: "smoke/web.yaml", line: 9 },
    });
  });

  test("stays where it is when a first install fails, with nothing to go back to", async () => {
    const scene = openScene([1]);
    const done = await act(scene, SMOKE);

    expect(done.code).toBe("smoke-failed");
    expect(done.outputs).toMatchObject({ status: "failed", "rolled-back-to": undefined });
    expect(statesOf(scene)).toEqual(["1 deployed"]);
    expect(done.summary).toContain("there is nothing to go back to");
  });

  test("that failed it is nothing to go back to later", async () => {
    const scene = openScene([1]);
    expect((await act(scene, SMOKE)).code).toBe("smoke-failed");
    const done = await act(scene, BROKEN);
    expect(done.outputs).toMatchObject({ status: "failed", "rolled-back-to": undefined });
    expect(done.summary).toContain("no revision to go back to whose smoke test did not fail");
    expect(statesOf(scene)).toHaveLength(2);
  });

  test("that failed it and has passed it since is one to go back to", async () => {
    const bad = [1];
    const scene = openScene(bad);
    expect((await act(scene, SMOKE)).code).toBe("smoke-failed");
    bad.pop();
    const done = await act(scene, { ...SMOKE, "skip-if-unchanged": "true" });
    expect([done.code, done.outputs.status]).toEqual(["", "unchanged"]);
    expect((await act(scene, BROKEN)).outputs).toMatchObject({ status: "rolled-back", "rolled-back-to": 1 });
  });

  test("says so when it may not write down that it failed, and goes on", async () => {
    const scene = openScene([1]);
    scene.cluster.settings.refuse = ({ verb, kind }) =>
      verb === "patch" && kind === "Secret" ? new KubeRefusal(403, "Forbidden", "secrets is forbidden") : undefined;
    const done = await act(scene, SMOKE);
    expect(done.code).toBe("smoke-failed");
    expect(done.summary).toContain("could not be written down that the smoke test of shop revision 1 failed");
  });

  test("stays where it is when nobody could look", async () => {
    const scene = openScene();
    await act(scene, SMOKE);
    scene.smoke.specs.set("smoke/web.yaml", SPEC.replace("status: 200", 'status: 200, requestHeaders: { a: "x\\ny" }'));
    const done = await act(scene, { ...SMOKE, set: "tag=2" });

    expect([done.code, done.outputs.status]).toEqual(["smoke-failed", "failed"]);
    expect(done.summary).toContain("Nothing shows that revision 2 of shop is bad: it is not rolled back.");
    expect(statesOf(scene)[0]).toBe("2 deployed");
  });

  test("stays where it is when nobody wants it back", async () => {
    const scene = openScene([2]);
    await act(scene, SMOKE);
    const done = await act(scene, { ...SMOKE, set: "tag=2", rollback: "never" });

    expect([done.code, done.outputs.status]).toEqual(["smoke-failed", "failed"]);
    expect(statesOf(scene)).toEqual(["2 deployed", "1 superseded"]);
  });

  test("is not taken back when somebody else has made it, before or while it is looked at", async () => {
    const scene = openScene([3]);
    await act(scene, SMOKE);
    scene.helm.at("test.begin", () => {
      const [newest] = scene.revisions();
      if (newest?.revision !== 2) return;
      writeRevision(scene.cluster, { ...newest, status: "superseded" });
      writeRevision(scene.cluster, { ...newest, revision: 3, labels: { ...newest.labels, "mayfly-run-id": "101" } });
    });
    const done = await act(scene, { ...SMOKE, set: "tag=2", "helm-test": "true" });

    expect([done.code, done.outputs.status]).toEqual(["smoke-failed", "failed"]);
    expect(done.log).toContain("Somebody else has made revision 3 of shop meanwhile: it is not rolled back.");
    expect(statesOf(scene)).toEqual(["3 deployed", "2 superseded", "1 superseded"]);
  });

  test("says so when it fails after going back, too", async () => {
    const scene = openScene([2, 3]);
    await act(scene, SMOKE);
    const done = await act(scene, { ...SMOKE, set: "tag=2" });

    expect(done.outputs.status).toBe("rolled-back");
    expect(done.log).toContain("The smoke test fails after going back, too");
    expect(statesOf(scene)[0]).toBe("3 deployed");
  });

  test("is not looked at when the rollout has failed", async () => {
    const scene = openScene();
    const done = await act(scene, { ...SMOKE, set: `tag=${TAGS.missing}` });

    expect(done.code).toBe("rollout-failed");
    expect(askedOf(scene)).toEqual([]);
  });

  test("is looked at although nothing has changed, and then not taken back", async () => {
    const scene = openScene([2]);
    await act(scene);
    await act(scene, { set: "tag=2" });
    const done = await act(scene, { ...SMOKE, set: "tag=2", "skip-if-unchanged": "true" });

    expect(askedOf(scene).at(-1)).toBe("https://shop.example/2");
    expect([done.code, done.outputs.status]).toEqual(["smoke-failed", "failed"]);
    expect(statesOf(scene)[0]).toBe("2 deployed");
  });

  test("keeps what explains the failure beside the other evidence", async () => {
    const catching = `${SPEC}      catch:\n        - describe: { apiVersion: v1, kind: Namespace, name: pr-12 }\n`;
    const fail = (given: Given = {}) => {
      const scene = openScene([1]);
      scene.smoke.specs.set("smoke/web.yaml", catching);
      return act(scene, { ...SMOKE, ...given });
    };
    const done = await fail({ evidence: "always" });
    const kept = [...done.world.files.all.keys()].filter((path) => path.startsWith(`${REPORTS}/shop/`));

    expect(done.outputs["evidence-path"]).toBe(`${REPORTS}/shop`);
    expect(kept).toEqual(expect.arrayContaining([`${REPORTS}/shop/states.txt`, `${REPORTS}/shop/smoke-1.txt`]));
    expect(done.world.files.all.get(`${REPORTS}/shop/smoke-1.txt`)?.content).toContain("Namespace/pr-12");
    expect((await fail({ evidence: "never" })).outputs["evidence-path"]).toBeUndefined();
  });

  test("counts as cancelled when the job is, and is not taken back", async () => {
    const scene = openScene([2]);
    await act(scene, SMOKE);
    scene.smoke.specs.set("smoke/web.yaml", SPEC.replace("timeout: 2s", "timeout: 5m"));
    let cancel = (): void => {};
    scene.smoke.network.answers.http = () => {
      cancel();
      return { status: 503 };
    };
    const world = createFakeWorld(scene);
    cancel = () => scene.time.after(1_000, () => world.cancel());
    const done = await actIn(world, scene, { ...SMOKE, set: "tag=2" });

    expect([done.code, done.outputs.status]).toEqual(["cancelled", "cancelled"]);
    expect(statesOf(scene)).toEqual(["2 deployed", "1 superseded"]);
  });
});

describe("a spec with a mistake", () => {
  test("stops a deployment before anything is changed", async () => {
    const scene = openScene();
    await act(scene, SMOKE);
    scene.smoke.specs.set("smoke/web.yaml", SPEC.replace("status: 200", "stauts: 200"));
    const before = scene.cluster.version();
    const done = await act(scene, { ...SMOKE, set: "tag=2" });

    expect(done.code).toBe("smoke-spec-invalid");
    expect(done.message).toMatch(/smoke\/web\.yaml:9:\d+: .*stauts/);
    expect(done.outputs.status).toBe("failed");
    expect(scene.cluster.version()).toBe(before);
  });

  test("is known by what the chart comes to: a Service that it does not have, a file that is not there", async () => {
    const scene = openScene();
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as specs have it
    scene.smoke.specs.set("smoke/web.yaml", SPEC.replace("${release.revision}", "${release.nonsense}"));
    const done = await act(scene, SMOKE);

    expect([done.code, scene.revisions()]).toEqual(["smoke-spec-invalid", []]);
    expect((await act(scene, { smoke: "smok/*.yaml" })).code).toBe("smoke-spec-missing");
    expect(scene.helm.calls.filter(({ name }) => name === "upgrade")).toEqual([]);
  });

  test("is found by a plan, too", async () => {
    const scene = openScene();
    scene.smoke.specs.set("smoke/web.yaml", "kind: SmokeTest\n");
    const done = await act(scene, { ...SMOKE, "plan-only": "true" });

    expect(done.code).toBe("smoke-spec-invalid");
  });
});

test.each([
  [{ ...SMOKE, wait: "none" }, "smoke: expected it only where somebody waits for the release, got wait: none"],
  [{ ...SMOKE, "smoke-variables": "release=x" }, 'smoke-variables: "release" has a meaning of its own'],
])("%j is refused", async (given, said) => {
  const done = await act(openScene(), given);

  expect([done.code, done.message]).toEqual(["bad-input", expect.stringContaining(said)]);
});
