import { describe, expect, test } from "@jest/globals";
import type { ReleasePlan } from "../../../src/helm/plan.ts";
import { act, type Outcome } from "./act.ts";
import { SHOP, WIDGET_CRD } from "./fake/charts.ts";
import { WORKSPACE } from "./fake/files.ts";
import { TAGS } from "./fake/kubelet.ts";
import { createScene, NAMESPACE } from "./fake-world.ts";

function planOf({ outputs, world }: Outcome): ReleasePlan {
  return JSON.parse(world.files.all.get(String(outputs["plan-path"]))?.content ?? "") as ReleasePlan;
}

describe("plan-only", () => {
  test("changes nothing at all, whatever is asked for", async () => {
    const scene = createScene();
    scene.helm.charts.set(`${WORKSPACE}/charts/shop`, { ...SHOP, crds: WIDGET_CRD });
    const before = scene.cluster.version();
    const done = await act(scene, {
      "plan-only": "true",
      namespace: "pr-13",
      "namespace-labels": "team=shop",
      "secret-objects": "db: {password: sesame-open}",
      "wait-for-nodes": "3",
      "helm-test": "true",
      "pre-releases": "keda: {chart: ./charts/shop}",
    });

    expect([done.code, done.outputs.status, done.tookMs]).toEqual(["", "planned", 0]);
    expect(scene.cluster.version()).toBe(before);
    expect(scene.helm.calls.map(({ name }) => name)).toEqual(["template", "template"]);
  });

  test("says what would come, change and go, field by field", async () => {
    const scene = createScene();
    await act(scene);
    const done = await act(scene, { "plan-only": "true", set: "tag=2" });

    const image = {
      path: "spec.template.spec.containers[main].image",
      before: '"shop.azurecr.io/api:1"',
      after: '"shop.azurecr.io/api:2"',
    };
    expect(planOf(done).changed.map(({ ref, fields }) => [ref.name, fields])).toContainEqual(["api", [image]]);
    expect(done.outputs).toMatchObject({ changed: true, revision: 1, "previous-revision": 1 });
    expect(done.summary).toContain('+   spec.template.spec.containers[main].image: "shop.azurecr.io/api:2"');
  });

  test("shows Secrets as hashes", async () => {
    const scene = createScene();
    const render = ({ word }: { readonly word?: unknown }) =>
      `---\n# Source: shop/templates/s.yaml\n${JSON.stringify({ apiVersion: "v1", kind: "Secret", metadata: { name: "db" }, stringData: { password: word } })}\n`;
    scene.helm.charts.set(`${WORKSPACE}/charts/shop`, { ...SHOP, render });
    await act(scene, { "secret-values": "word: sesame-open" });
    const done = await act(scene, { "secret-values": "word: open-sesame", "plan-only": "true" });

    const text = JSON.stringify(planOf(done)) + done.summary;
    expect(text).toMatch(/sha256:[0-9a-f]{8}/);
    expect(text).not.toMatch(/sesame|b3Blbi|c2VzYW1l/);
  });

  test("says that nothing would change", async () => {
    const scene = createScene();
    await act(scene);

    expect((await act(scene, { "plan-only": "true" })).outputs.changed).toBe(false);
  });

  test("is against what was deployed, not against what failed", async () => {
    const scene = createScene();
    await act(scene);
    await act(scene, { set: `tag=${TAGS.missing}`, rollback: "never" });

    expect((await act(scene, { "plan-only": "true" })).outputs.changed).toBe(false);
  });
});

describe("skip-if-unchanged", () => {
  const given = { "skip-if-unchanged": "true" };

  test("does nothing where all stands as it would be made", async () => {
    const scene = createScene();
    await act(scene);
    const before = scene.cluster.version();
    const done = await act(scene, given);

    expect([done.code, done.outputs.status, done.outputs.changed, done.outputs.revision]).toEqual([
      "",
      "unchanged",
      false,
      1,
    ]);
    expect(scene.cluster.version()).toBe(before);
  });

  test.each([
    ["something changes", { set: "tag=2" }],
    ["the first time", undefined],
  ] as const)("deploys where %s", async (_, change) => {
    const scene = createScene();
    if (change !== undefined) await act(scene);

    expect((await act(scene, { ...given, ...change })).outputs.status).toBe("deployed");
  });

  test("deploys what is not ready", async () => {
    const scene = createScene();
    await act(scene);
    scene.cluster.setStatus(
      { apiVersion: "apps/v1", kind: "Deployment", namespace: NAMESPACE, name: "api" },
      { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 0 },
    );
    scene.time.after(5_000, () =>
      scene.cluster.setStatus(
        { apiVersion: "apps/v1", kind: "Deployment", namespace: NAMESPACE, name: "api" },
        { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
      ),
    );
    const done = await act(scene, given);

    expect([done.outputs.status, done.outputs.revision]).toEqual(["deployed", 2]);
  });

  test("deploys what failed the last time, although that is what was deployed before", async () => {
    const scene = createScene();
    await act(scene);
    await act(scene, { set: `tag=${TAGS.missing}`, rollback: "never" });

    expect((await act(scene, given)).outputs).toMatchObject({ status: "deployed", revision: 3 });
  });
});
