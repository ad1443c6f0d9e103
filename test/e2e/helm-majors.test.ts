import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { type Deployed, type HelmScene, type Major, openHelmScene } from "./helm-scene.ts";

jest.setTimeout(180_000);

let scene: HelmScene;
beforeAll(async () => {
  scene = await openHelmScene();
}, 120_000);
afterAll(async () => scene[Symbol.asyncDispose]());

/** Values of a release that works, as an input. */
const values = (more: object = {}) => ({ "values-yaml": JSON.stringify({ image: scene.image, ...more }) });
const replicasOf = (namespace: string) =>
  scene.cluster.kubectl("get", "deployment", "shop", "-n", namespace, "-o=jsonpath={.spec.replicas}");

describe.each<readonly [Major, Major]>([
  [3, 4],
  [4, 3],
])("a release that helm %d has made", (first, second) => {
  let namespace: string;
  let installed: Deployed;
  beforeAll(async () => {
    namespace = await scene.space(`from-${first}`);
    installed = await scene.deploy(namespace, {}, { major: first });
  }, 90_000);

  test(`is upgraded by helm ${second}, and taken back by it when that fails`, async () => {
    expect(installed.outputs).toMatchObject({ status: "deployed", revision: "1", "previous-revision": "" });
    expect(installed.summary).toContain(`helm v${first}.`);

    const upgraded = await scene.deploy(namespace, values({ page: "second" }), { major: second });
    expect(upgraded.errors).toEqual([]);
    expect(upgraded.outputs).toMatchObject({ status: "deployed", revision: "2", "previous-revision": "1" });
    expect(upgraded.summary).toContain(`helm v${second}.`);
    expect(await scene.page(namespace)).toBe("second");

    const broken = await scene.deploy(namespace, values({ page: "third", script: "exit 3" }), { major: second });
    expect(broken.outputs).toMatchObject({ status: "rolled-back", "cause-code": "crash/exit", "rolled-back-to": "2" });
    expect(await scene.history(namespace)).toEqual(["4 deployed", "3 failed", "2 superseded", "1 superseded"]);
    expect(await scene.page(namespace)).toBe("second");
  });
});

/** An autoscaler that wants at least two pods, where the chart says one. */
const AUTOSCALER = {
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: "shop" },
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" },
    minReplicas: 2,
    maxReplicas: 3,
    metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } }],
  },
};

test("replicas that an autoscaler has set are a conflict to helm 4, which is told by field and manager, and forced", async () => {
  const namespace = await scene.space("conflict");
  const scaled = { page: "first", extra: [AUTOSCALER] };
  await scene.install(namespace, scaled);
  const until = ["--for=jsonpath={.spec.replicas}=2", "--timeout=60s"];
  await scene.cluster.kubectl("wait", "deployment/shop", "-n", namespace, ...until);

  const refused = await scene.deploy(namespace, values({ ...scaled, page: "second" }));
  expect(refused.outputs["error-code"]).toBe("helm-conflict");
  const [message = ""] = refused.errors.map((one) => one.message);
  expect(message).toContain("Nothing was changed.");
  expect(message).toMatch(/^Deployment\/shop \(.*\): \.spec\.replicas of .* belongs to kube-controller-manager$/m);
  expect(message).toContain("conflicts: force");
  expect(await scene.history(namespace)).toEqual(["1 deployed"]);
  expect(await replicasOf(namespace)).toBe("2");

  const forced = await scene.deploy(namespace, { ...values({ ...scaled, page: "second" }), conflicts: "force" });
  expect(forced.outputs).toMatchObject({ status: "deployed", revision: "2" });
  expect(forced.main.annotations.map((one) => one.message).join("\n")).toMatch(/autoscaler/);
  expect(await scene.page(namespace)).toBe("second");
});

test("skip-if-unchanged leaves alone what stands as it would be made, and deploys what does not", async () => {
  const namespace = await scene.space("skip");
  const inputs = { ...values({ secret: { db: "sesame-open" } }), "skip-if-unchanged": true };
  const first = await scene.deploy(namespace, inputs);
  const pods = await scene.pods(namespace);
  const second = await scene.deploy(namespace, inputs);
  expect([first.outputs["status"], second.outputs["status"]]).toEqual(["deployed", "unchanged"]);
  expect(second.outputs).toMatchObject({ revision: "1", changed: "false", "error-code": "" });
  expect(await scene.history(namespace)).toEqual(["1 deployed"]);
  expect(await scene.pods(namespace)).toEqual(pods);

  const changed = await scene.deploy(namespace, {
    ...values({ page: "second", secret: { db: "sesame-open" } }),
    "skip-if-unchanged": true,
  });
  expect(changed.outputs).toMatchObject({ status: "deployed", revision: "2", changed: "true" });
  expect(await scene.page(namespace)).toBe("second");
});

describe("a plan", () => {
  test("names every field that changes, Secrets as hashes, and changes nothing", async () => {
    const namespace = await scene.space("plan");
    await scene.install(namespace, { secret: { db: "sesame-open" } });
    const pods = await scene.pods(namespace);
    const planned = await scene.deploy(
      namespace,
      {
        ...values({ page: "second" }),
        // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's
        "secret-values": "secret: { db: ${{ secrets.DB }} }",
        "plan-only": true,
      },
      { secrets: { DB: "sesame-shut" } },
    );
    expect(planned.errors).toEqual([]);
    expect(planned.outputs).toMatchObject({ status: "planned", changed: "true" });
    const [, path = ""] = /\/(mayfly-helm-report-[^/]+\/.*)$/.exec(planned.outputs["plan-path"] ?? "") ?? [];
    const plan = JSON.parse(planned.left.get(path) ?? "{}");
    expect(plan).toMatchObject({ added: [], removed: [] });
    const refs = plan.changed.map(({ ref }: { ref: { kind: string; name: string } }) => `${ref.kind}/${ref.name}`);
    expect(refs.sort()).toEqual(["Deployment/shop", "Secret/shop-db"]);
    const [deployment] = plan.changed.filter(({ ref }: { ref: { kind: string } }) => ref.kind === "Deployment");
    expect(deployment.fields).toEqual([
      { path: expect.stringMatching(/env\[PAGE\]\.value$/), before: '"first"', after: '"second"' },
    ]);
    for (const text of [planned.text, planned.summary, ...planned.left.values()]) {
      expect(text).not.toMatch(/sesame-(?:open|shut)/);
    }
    expect(await scene.history(namespace)).toEqual(["1 deployed"]);
    expect(await scene.pods(namespace)).toEqual(pods);
    expect(await scene.page(namespace)).toBe("first");
  });

  test("of a first install makes no namespace", async () => {
    const namespace = `${await scene.space("plan-other")}-new`;
    const planned = await scene.deploy(namespace, { "plan-only": true });
    expect(planned.errors).toEqual([]);
    expect(planned.outputs).toMatchObject({ status: "planned", changed: "true", revision: "" });
    expect(await scene.cluster.kubectl("get", "namespace", namespace, "--ignore-not-found", "-o", "name")).toBe("");
  });
});

test("a test of the chart that fails takes the release back, and one that passes lets it be", async () => {
  const namespace = await scene.space("tests");
  const smoke = (script: string) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "shop-smoke",
      annotations: { "helm.sh/hook": "test", "helm.sh/hook-delete-policy": "before-hook-creation" },
    },
    spec: {
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 0,
      containers: [{ name: "main", image: `${scene.image.repository}:${scene.image.tag}`, args: [script] }],
    },
  });
  const first = await scene.deploy(namespace, {
    ...values({ extra: [smoke("wget -q -O - http://shop")] }),
    "helm-test": true,
  });
  expect(first.errors).toEqual([]);
  expect(first.outputs["status"]).toBe("deployed");

  const second = await scene.deploy(namespace, {
    ...values({ page: "second", extra: [smoke("echo no second page; exit 3")] }),
    "helm-test": true,
  });
  expect(second.outputs).toMatchObject({
    "error-code": "helm-test-failed",
    status: "rolled-back",
    "rolled-back-to": "1",
  });
  expect(second.errors).toHaveLength(1);
  expect(second.says).toContain("The tests of shop failed");
  expect(await scene.history(namespace)).toEqual(["3 deployed", "2 superseded", "1 superseded"]);
  expect(await scene.page(namespace)).toBe("first");
});
