import { describe, expect, test } from "@jest/globals";
import { KubeRefusal } from "../../../src/kubernetes/kube-refusal.ts";
import { act } from "./act.ts";
import { deployment, type FakeChart, SHOP, WIDGET_CRD } from "./fake/charts.ts";
import { WORKSPACE } from "./fake/files.ts";
import { TAGS } from "./fake/kubelet.ts";
import { createScene, NAMESPACE, type Scene } from "./fake-world.ts";

const SECRET = { apiVersion: "v1", kind: "Secret", namespace: NAMESPACE, name: "db" };

describe("secret-objects", () => {
  const given = { "secret-objects": "db: {password: sesame-open, port: 5432}" };

  test("are there before helm begins, and are told without their values", async () => {
    const scene = createScene();
    let seen: unknown;
    scene.helm.at("upgrade.begin", () => {
      seen = scene.cluster.find(SECRET)?.["data"];
    });
    const done = await act(scene, given);

    const encoded = Buffer.from("sesame-open").toString("base64");
    expect(seen).toEqual({ password: encoded, port: Buffer.from("5432").toString("base64") });
    expect(done.log + done.summary).not.toMatch(/sesame|c2VzYW1l/);
    expect(done.world.masked).toContain("sesame-open");
  });

  test("are changed in place: never gone, and without the keys that are gone", async () => {
    const scene = createScene();
    await act(scene, given);
    const before = scene.cluster.find(SECRET);
    const gone: unknown[] = [];
    scene.cluster.listen(({ type, object }) => {
      if (type === "DELETED" && object.metadata.name === "db") gone.push(object);
    });
    await act(scene, { "secret-objects": "db: {password: open-sesame}" });

    const after = scene.cluster.find(SECRET);
    expect(gone).toEqual([]);
    expect(after?.metadata.uid).toBe(before?.metadata.uid);
    expect(after?.["data"]).toEqual({ password: Buffer.from("open-sesame").toString("base64") });
  });

  test("are written although the release itself is unchanged", async () => {
    const scene = createScene();
    await act(scene, given);
    const done = await act(scene, { "secret-objects": "db: {password: rotated-now}", "skip-if-unchanged": "true" });

    expect(done.outputs.status).toBe("unchanged");
    expect(scene.cluster.find(SECRET)?.["data"]).toEqual({ password: Buffer.from("rotated-now").toString("base64") });
  });

  test("that may not be written are no fault of ours", async () => {
    const scene = createScene();
    const text =
      'secrets "db" is forbidden: User "runner" cannot patch resource "secrets" in API group "" in the namespace "pr-12"';
    scene.cluster.settings.refuse = ({ verb, name }) =>
      verb === "apply" && name === "db" ? new KubeRefusal(403, "Forbidden", text) : undefined;
    const done = await act(scene, given);

    expect([done.code, done.outputs.status]).toEqual(["cluster-forbidden", "failed"]);
    expect(done.message).toContain("may not patch secrets in namespace pr-12");
    expect(scene.revisions()).toEqual([]);
  });
});

/** A chart with one Deployment, for the place that the name says. */
function operator(name: string, more: Partial<FakeChart> = {}): FakeChart {
  return { ...SHOP, name, version: "2.21.0", render: () => deployment(name), ...more };
}

function bring(scene: Scene, ...charts: readonly FakeChart[]): string {
  for (const chart of charts) scene.helm.charts.set(`oci://shop.azurecr.io/charts/${chart.name}`, chart);
  return charts
    .map(
      ({ name }) =>
        `${name}: {chart: "oci://shop.azurecr.io/charts/${name}", version: "2.21.0", namespace: system, values: {deep: ${name}}}`,
    )
    .join("\n");
}

describe("pre-releases", () => {
  test("are deployed in their order, each ready before the next begins", async () => {
    const scene = createScene();
    const done = await act(scene, { "pre-releases": bring(scene, operator("nats"), operator("keda")) });

    expect([done.code, done.outputs.release, done.outputs.revision]).toEqual(["", "shop", 1]);
    const upgraded = scene.helm.calls.filter(({ name }) => name === "upgrade");
    expect(upgraded.map(({ parameters }) => parameters.at(-2))).toEqual(["nats", "keda", "shop"]);
    expect(scene.revisions("keda", "system")[0]).toMatchObject({ status: "deployed", values: { deep: "keda" } });
  });

  test("that fail are the end, and nothing of the release itself is told", async () => {
    const scene = createScene();
    const broken = operator("keda", { render: () => deployment("keda", { tag: TAGS.missing }) });
    const done = await act(scene, { "pre-releases": bring(scene, broken) });

    expect([done.code, done.outputs["cause-code"]]).toEqual(["rollout-failed", "image-pull/not-found"]);
    expect(done.outputs).toMatchObject({ status: "failed", release: "shop", namespace: NAMESPACE });
    expect([done.outputs.revision, done.outputs.changed]).toEqual([undefined, undefined]);
    expect(scene.revisions()).toEqual([]);
  });

  test("have their own timeout", async () => {
    const scene = createScene();
    const text = bring(scene, operator("keda")).replace("}}", "}, timeout: 20m}");
    await act(scene, { "pre-releases": text });

    const [keda, shop] = scene.helm.calls.filter(({ name }) => name === "upgrade");
    expect(keda?.parameters).toContain("--timeout=1200000ms");
    expect(shop?.parameters).toContain("--timeout=300000ms");
  });
});

describe("CRDs of a chart", () => {
  const put = (scene: Scene) => scene.helm.charts.set(`${WORKSPACE}/charts/shop`, { ...SHOP, crds: WIDGET_CRD });
  const find = (scene: Scene) =>
    scene.cluster.find({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      name: "widgets.shop.example",
    });

  test("are applied and served before helm begins", async () => {
    const scene = createScene();
    put(scene);
    let served = false;
    scene.helm.at("upgrade.begin", () => {
      served = JSON.stringify(find(scene)?.["status"] ?? {}).includes("Established");
    });
    const done = await act(scene);

    expect([done.code, served]).toEqual(["", true]);
  });

  test("are left alone where that is wanted", async () => {
    const scene = createScene();
    put(scene);
    await act(scene, { crds: "skip" });

    expect(find(scene)).toBeUndefined();
  });

  test("that are never served are said", async () => {
    const scene = createScene();
    put(scene);
    scene.cluster.listen(({ object, type }) => {
      if (object.kind === "CustomResourceDefinition" && type === "MODIFIED" && object["status"] !== undefined)
        scene.cluster.put({ ...object, status: { conditions: [] } });
    });
    const done = await act(scene);

    expect([done.code, scene.revisions()]).toEqual(["crd-not-established", []]);
  });
});

describe("wait-for-nodes", () => {
  const addNode = (scene: Scene, name: string, spec: object = {}) =>
    scene.cluster.put({
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, labels: { agentpool: "workers" } },
      spec,
      status: { conditions: [{ type: "Ready", status: "True" }] },
    });

  test("waits until as many take pods as are asked for", async () => {
    const scene = createScene();
    addNode(scene, "one");
    addNode(scene, "cordoned", { unschedulable: true });
    scene.time.after(70_000, () => addNode(scene, "two"));
    let begun = 0;
    scene.helm.at("upgrade.begin", () => {
      begun = scene.cluster.list({ apiVersion: "v1", kind: "Node" }).length;
    });
    const done = await act(scene, { "wait-for-nodes": "2", "node-selector": "agentpool=workers" });

    expect([done.code, begun]).toEqual(["", 3]);
    expect(done.tookMs).toBeGreaterThan(70_000);
  });

  test("gives up after the timeout, before anything is deployed", async () => {
    const scene = createScene();
    const done = await act(scene, { "wait-for-nodes": "2", "node-selector": "agentpool=gpu", timeout: "1m" });

    expect(done.code).toBe("nodes-not-ready");
    expect(done.message).toContain("0 of 2 nodes with agentpool=gpu");
    expect(scene.helm.calls).toEqual([]);
  });
});
