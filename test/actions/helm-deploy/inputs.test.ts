import { describe, expect, test } from "@jest/globals";
import { act } from "./act.ts";
import { SHOP } from "./fake/charts.ts";
import { WORKSPACE } from "./fake/files.ts";
import { createScene, NAMESPACE, type Scene } from "./fake-world.ts";

/** The values that the chart was given in its last deployment. */
function valuesOf(scene: Scene): unknown {
  return scene.revisions()[0]?.values;
}

function parametersOf(scene: Scene, name: string): readonly string[] {
  return scene.helm.calls.findLast((call) => call.name === name)?.parameters ?? [];
}

describe("values", () => {
  test("are merged from files, values-yaml, images and secret-values, and set lines come last", async () => {
    const scene = createScene();
    const put = {
      "a.yaml": "one: {a: file-1, b: file-1, c: file-1, d: file-1, e: file-1}\n",
      "b.yaml": "one: {b: file-2, c: file-2, d: file-2, e: file-2}\n",
    };
    const digest = `sha256:${"d".repeat(64)}`;
    const done = await act(
      scene,
      {
        values: "a.yaml\nb.yaml",
        "values-yaml": "one: {c: inline, d: inline, e: inline}\nimage: {repository: none, pullPolicy: Always}",
        images: JSON.stringify({ api: { repository: "shop.azurecr.io/api", tag: "7", digest } }),
        "image-values": "api: image",
        "secret-values": "one: {d: sesame-open, e: sesame-open}",
        set: "one.e=last",
      },
      { put },
    );

    expect(done.code).toBe("");
    expect(valuesOf(scene)).toEqual({
      one: { a: "file-1", b: "file-2", c: "inline", d: "sesame-open", e: "last" },
      image: { repository: "shop.azurecr.io/api", tag: "7", digest, pullPolicy: "Always" },
    });
  });

  test("reach rendering and deploying alike, so that what was looked at is what is deployed", async () => {
    const scene = createScene();
    await act(scene, { "values-yaml": "tag: 7", set: "a=1", "set-string": "b=1" });

    const given = (name: string) => parametersOf(scene, name).filter((one) => /^--(?:values|set)/.test(one));
    expect(given("template")).toEqual(given("upgrade"));
    expect(given("upgrade")).toHaveLength(3);
  });

  test("of set lines are one argument each, whatever is in them", async () => {
    const scene = createScene();
    await act(
      scene,
      {
        set: "a=1,b=2\n--kubeconfig=/evil",
        "set-string": 'c=$(rm -rf ~) `id` "x"',
        "set-file": "d=note.txt",
        "set-json": 'e={"f":[1, 2]}',
      },
      { put: { "note.txt": "from a file" } },
    );

    const parameters = parametersOf(scene, "upgrade");
    expect(parameters).toEqual(
      expect.arrayContaining([
        "--set=a=1,b=2",
        "--set=--kubeconfig=/evil",
        '--set-string=c=$(rm -rf ~) `id` "x"',
        "--set-file=d=note.txt",
        '--set-json=e={"f":[1, 2]}',
      ]),
    );
    expect(parameters.slice(parameters.indexOf("--"))).toEqual(["--", "shop", `${WORKSPACE}/charts/shop`]);
  });

  test("that are secret are masked, given by a file of 0600, and on no command line", async () => {
    const scene = createScene();
    const done = await act(scene, { "secret-values": "db: {password: sesame-open, port: 54321}" });

    expect(done.code).toBe("");
    expect(valuesOf(scene)).toEqual({ db: { password: "sesame-open", port: 54321 } });
    expect(JSON.stringify(scene.helm.calls)).not.toContain("sesame-open");
    const holding = [...done.world.files.all].filter(([, { content }]) => content.includes("sesame-open"));
    expect(holding.map(([, { secret }]) => secret)).toEqual([true]);
    expect(done.world.masked).toEqual(expect.arrayContaining(["sesame-open", "54321"]));
    expect(done.log + done.summary + JSON.stringify(done.outputs)).not.toContain("sesame-open");
  });

  test("put a client id where the chart takes the annotations of its service account", async () => {
    const scene = createScene();
    const id = "33333333-3333-4333-8333-333333333333";
    await act(scene, { "workload-identity": `serviceAccount.annotations: ${id}`, preflight: "none" });

    expect(valuesOf(scene)).toEqual({ serviceAccount: { annotations: { "azure.workload.identity/client-id": id } } });
  });

  test("of Secrets that the chart renders are masked, decoded", async () => {
    const scene = createScene();
    const secret = (field: string, value: string) =>
      `---\n# Source: shop/templates/s.yaml\n${JSON.stringify({ apiVersion: "v1", kind: "Secret", metadata: { name: field.toLowerCase() }, [field]: { key: value } })}\n`;
    const render = () =>
      secret("data", Buffer.from("from-the-data").toString("base64")) + secret("stringData", "from-the-text");
    scene.helm.charts.set(`${WORKSPACE}/charts/shop`, { ...SHOP, render });
    const done = await act(scene);

    expect(done.world.masked).toEqual(expect.arrayContaining(["from-the-data", "from-the-text"]));
    expect(done.summary).not.toContain("from-the");
  });
});

describe("what helm is told", () => {
  test.each([
    [4, { conflicts: "force" }, ["--server-side=true", "--force-conflicts"]],
    [4, { "take-ownership": "true" }, ["--take-ownership"]],
    [4, {}, ["--skip-crds", "--wait=watcher", "--timeout=300000ms"]],
    [3, {}, ["--wait"]],
    [4, { wait: "none" }, ["--wait=hookOnly"]],
    [4, { wait: "helm" }, ["--wait=watcher"]],
    [4, { timeout: "90s" }, ["--timeout=90000ms"]],
    [4, { "kube-context": "other" }, ["--kube-context=other"]],
  ] as const)("helm %s with %j gets %j", async (major, given, wanted) => {
    const scene = createScene();
    scene.helm.major = major;
    const done = await act(scene, given);

    expect(done.code).toBe("");
    expect(parametersOf(scene, "upgrade")).toEqual(expect.arrayContaining([...wanted]));
  });

  test("leaves a chart's CRDs to helm where that is wanted", async () => {
    const scene = createScene();
    await act(scene, { crds: "install-only" });

    expect(parametersOf(scene, "upgrade")).not.toContain("--skip-crds");
  });

  test("waits without helm 4's watcher where a kind may not be watched, also on the way back", async () => {
    const scene = createScene();
    await act(scene);
    scene.cluster.settings.may = ({ verb, resource }) => verb !== "watch" || resource !== "configmaps";
    await act(scene, { set: "tag=typo" });

    expect(parametersOf(scene, "upgrade")).toContain("--wait=legacy");
    expect(parametersOf(scene, "rollback")).toContain("--wait=legacy");
  });

  test("is the chart that was pulled, once, wherever it came from", async () => {
    const scene = createScene();
    scene.helm.charts.set("oci://shop.azurecr.io/charts/shop", SHOP);
    const done = await act(scene, { chart: "oci://shop.azurecr.io/charts/shop", version: "1.4.0" });

    expect(done.code).toBe("");
    expect(scene.helm.calls.map(({ name }) => name)).toEqual(["pull", "template", "upgrade"]);
    expect(parametersOf(scene, "pull")).toContain("--version=1.4.0");
    expect(parametersOf(scene, "upgrade").at(-1)).toMatch(/^\/temp\/.*\/shop-1\.4\.0\.tgz$/);
  });

  test("runs the chart's tests when they are wanted, and goes back when they fail", async () => {
    const scene = createScene();
    await act(scene);
    scene.helm.testsFail = true;
    const done = await act(scene, { "helm-test": "true", set: "tag=2" });

    expect([done.code, done.outputs.status, done.outputs["rolled-back-to"]]).toEqual([
      "helm-test-failed",
      "rolled-back",
      1,
    ]);
    expect(scene.revisions()[0]).toMatchObject({ revision: 3, status: "deployed" });
  });
});

describe("the namespace", () => {
  const find = (scene: Scene, name: string) => scene.cluster.find({ apiVersion: "v1", kind: "Namespace", name });

  test("is made, and gets its labels", async () => {
    const scene = createScene();
    const done = await act(scene, { namespace: "pr-13", "namespace-labels": "team=shop\npr=13" });

    expect([done.code, done.outputs.namespace]).toEqual(["", "pr-13"]);
    expect(find(scene, "pr-13")?.metadata.labels).toEqual({ team: "shop", pr: "13" });
  });

  test("keeps labels of others", async () => {
    const scene = createScene();
    scene.cluster.put({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: NAMESPACE, labels: { owner: "them" } },
    });
    await act(scene, { "namespace-labels": "team=shop" });

    expect(find(scene, NAMESPACE)?.metadata.labels).toEqual({ owner: "them", team: "shop" });
  });

  test("is not made where that is not wanted", async () => {
    const scene = createScene();
    const done = await act(scene, { namespace: "pr-13", "create-namespace": "false" });

    expect(done.code).toBe("namespace-missing");
    expect(find(scene, "pr-13")).toBeUndefined();
    expect(scene.helm.calls.filter(({ name }) => name === "upgrade")).toEqual([]);
  });

  test("that is being deleted is not waited for in vain", async () => {
    const scene = createScene();
    scene.cluster.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "pr-13", finalizers: ["kubernetes"] } });
    scene.cluster.remove({ apiVersion: "v1", kind: "Namespace", name: "pr-13" });

    expect((await act(scene, { namespace: "pr-13" })).code).toBe("namespace-terminating");
  });
});
