import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readRequest } from "../../../src/actions/helm-deploy/request.ts";
import { codeOf } from "../../../src/kit/error-chain.ts";
import { act } from "./act.ts";
import { createScene } from "./fake-world.ts";
import { type Given, readGiven } from "./inputs.ts";

const SECRET = "sesame-open";

/** What is wrong with inputs, line by line. */
function problemsOf(given: Given): readonly string[] {
  try {
    readRequest(readGiven(given), "default");
    return [];
  } catch (error) {
    expect(codeOf(error)).toBe("bad-input");
    return (error instanceof Error ? error.message : "").split("\n");
  }
}

describe("inputs that make no sense", () => {
  test.each<readonly [Given, RegExp]>([
    [{ chart: "http://charts.example.com" }, /^chart: expected an address that ends in \.tgz/],
    [{ chart: "oci://registry" }, /^chart: expected oci:/],
    [{ version: "1.2.3" }, /^version: charts\/shop has the version of its Chart\.yaml/],
    [{ chart: "oci://a.io/b:1.0.0", version: "2.0.0" }, /^version: the tag in oci:\/\/a\.io\/b:1\.0\.0 is not 2\.0\.0/],
    [{ release: "Shop" }, /^release: /],
    [{ namespace: "Pr_12" }, /^namespace: /],
    [{ "chart-repository": "charts.example.com" }, /^chart-repository: /],
    [{ "values-yaml": "a: [" }, /^values-yaml: /],
    [{ "secret-values": "- a" }, /^secret-values: expected a YAML mapping/],
    [{ "secret-objects": "db: text" }, /^secret-objects: db: expected a mapping/],
    [{ "secret-objects": "db: {a: {b: c}}" }, /^secret-objects: db: expected a text as each value/],
    [{ "secret-objects": "db: {a: {toString: b}}" }, /^secret-objects: db: expected a text as each value/],
    [{ "secret-objects": "db: {a: null}" }, /^secret-objects: db: expected a text as each value/],
    [{ "secret-objects": "db: {'a b': c}" }, /^secret-objects: db: expected a text as each value, and keys/],
    [{ "secret-objects": "Not_A_Name: {a: b}" }, /^secret-objects: entry 1: expected a Secret's name/],
    [{ images: "{", "image-values": "api: image" }, /images/],
    [{ "image-values": "api: image" }, /^images: expected the output images/],
    [{ images: "{}", "image-values": "api: image" }, /^image-values: api is no image of images/],
    [{ "workload-identity": "serviceAccount.annotations: me" }, /^workload-identity: expected a client id/],
    [{ preflight: "acess" }, /^preflight: expected access, .* got acess/],
    [{ preflight: "none\naccess" }, /^preflight: expected .* got none/],
    [{ wait: "none", "helm-test": "true" }, /^helm-test: expected it only where somebody waits/],
    [{ wait: "maybe" }, /^wait: /],
    [{ timeout: "0s" }, /^timeout: /],
    [{ "wait-for-nodes": "-1" }, /^wait-for-nodes: /],
    [{ "pre-releases": "keda: text" }, /^pre-releases: keda: expected a mapping/],
    [{ "pre-releases": "keda: {version: '1'}" }, /^pre-releases: keda: chart: /],
    [{ "pre-releases": "keda: {chart: oci://a.io/keda, version: 2.10}" }, /^pre-releases: keda: version: .*quotes/],
    [{ "pre-releases": "keda: {chart: oci://a.io/keda, timeout: soon}" }, /^pre-releases: keda: timeout: /],
    [{ "pre-releases": "keda: {chart: oci://a.io/keda, values: [1]}" }, /^pre-releases: keda: values: /],
    [
      { "pre-releases": "keda: {chart: oci://a.io/keda, wait: watch}" },
      /^pre-releases: keda: expected only .* got wait/,
    ],
    [{ "pre-releases": "KEDA: {chart: oci://a.io/keda}" }, /^pre-releases: KEDA: its key is the release's name/],
    [{ "pre-releases": "a: {chart: oci://a.io/keda, namespace: A_B}" }, /^pre-releases: a: namespace: /],
  ])("%j are refused, by their name", (given, problem) => {
    expect(problemsOf(given)).toEqual([expect.stringMatching(problem)]);
  });

  test("are told all at once", () => {
    const problems = problemsOf({
      chart: "oci://registry",
      "secret-objects": "db: text",
      "image-values": "api: image",
      "workload-identity": "serviceAccount.annotations: me",
      preflight: "acess",
      "pre-releases": "keda: text",
    });

    expect(problems.map((line) => line.split(":")[0])).toEqual([
      "chart",
      "secret-objects",
      "images",
      "workload-identity",
      "pre-releases",
      "preflight",
    ]);
  });

  test("are told before helm or the cluster is asked", async () => {
    const scene = createScene();
    const before = scene.cluster.version();
    const done = await act(scene, { "workload-identity": "a: b", namespace: "pr-13" });

    expect([done.code, scene.helm.calls, scene.cluster.version()]).toEqual(["bad-input", [], before]);
  });

  test("never quote what is secret", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("secret-values", "secret-objects"),
        fc.constantFrom(
          SECRET,
          `- ${SECRET}`,
          `db: ${SECRET}`,
          `db: {a: [${SECRET}]}`,
          `db: {"${SECRET} ": 1}`,
          `"${SECRET} ": {a: b}`,
          `db: {a: ${SECRET}`,
          `a: &${SECRET} b\nc: *${SECRET}`,
          `a: 1\na: ${SECRET}`,
        ),
        (name, text) => {
          expect(problemsOf({ [name]: text }).join("\n")).not.toContain(SECRET);
        },
      ),
    );
  });
});

describe("files that are not there", () => {
  test("are named with the place where they were looked for, all at once", async () => {
    const scene = createScene();
    const done = await act(scene, { chart: "charts/none", values: "a.yaml\nb.yaml" });

    expect(done.code).toBe("bad-input");
    expect(done.message.split("\n")).toEqual([
      expect.stringContaining("a.yaml: there is none at /home/runner/shop/a.yaml"),
      expect.stringContaining("b.yaml: there is none at /home/runner/shop/b.yaml"),
      expect.stringContaining("there is nothing at /home/runner/shop/charts/none"),
    ]);
    expect(scene.helm.calls).toEqual([]);
  });

  test("of a registry are helm's to tell", async () => {
    const scene = createScene();
    const done = await act(scene, { chart: "oci://shop.azurecr.io/charts/none", version: "1.0.0" });

    expect([done.code, done.outputs.status]).toEqual(["chart-missing", "failed"]);
  });
});

test("a chart that does not render is told with file and line, and nothing is changed", async () => {
  const scene = createScene();
  const before = scene.cluster.version();
  scene.helm.fail("template.begin", "Error: execution error at (shop/templates/api.yaml:12:20): tag is needed");
  const done = await act(scene);

  expect([done.code, scene.cluster.version()]).toEqual(["chart-render-failed", before]);
  expect(done.message).toContain("tag is needed");
  expect(done.outputs.status).toBe("failed");
});

test("a cluster that is reached by commands of Azure alone is refused before anything is asked or changed", async () => {
  const scene = createScene();
  const before = scene.cluster.version();
  const done = await act(scene, {}, { route: "run-command" });

  expect(done.code).toBe("route-needs-direct-cluster");
  expect(done.tookMs).toBe(0);
  expect([scene.helm.calls, scene.cluster.version()]).toEqual([[], before]);
});
