import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { explainHelm, type HelmFault } from "../../src/helm/explain-helm.ts";
import {
  makeDependencyArguments,
  makeHistoryArguments,
  makePullArguments,
  makeRegistryLoginArguments,
  makeRollbackArguments,
  makeShowChartArguments,
  makeStatusArguments,
  makeTemplateArguments,
  makeTestArguments,
  makeUninstallArguments,
  makeUpgradeArguments,
} from "../../src/helm/helm-arguments.ts";
import type { HelmOrder } from "../../src/helm/helm-order.ts";
import { type HelmVersion, requireHelmVersion } from "../../src/helm/helm-version.ts";
import { readManifest } from "../../src/helm/read-manifest.ts";
import { readValue } from "../helm/parsed.ts";
import { needTools } from "../image-tools/need-tools.ts";

const NOWHERE = "https://127.0.0.1:1";
const CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n";

/** Templates that fail, each in a chart of its own, and what is to be read from what helm says. */
const BROKEN: Readonly<Record<string, readonly [files: Readonly<Record<string, string>>, fault: Partial<HelmFault>]>> =
  {
    required: [
      { "templates/x.yaml": `${CONFIG}data:\n  a: {{ required "tag is needed" .Values.tag }}\n` },
      { code: "chart-render-failed", place: { file: "charts/a/templates/x.yaml", line: 5, column: 9 } },
    ],
    nil: [
      { "templates/x.yaml": `${CONFIG}data: {a: {{ .Values.a.b.c }} }\n` },
      { code: "chart-render-failed", place: { file: "charts/a/templates/x.yaml", line: 4, column: 21 } },
    ],
    helper: [
      {
        "templates/x.yaml": `${CONFIG}data: {a: {{ include "boom" . }} }\n`,
        "templates/_helpers.tpl": '{{- define "boom" -}}\n{{ .Values.a.b.c }}\n{{- end -}}\n',
      },
      { code: "chart-render-failed", place: { file: "charts/a/templates/_helpers.tpl", line: 2, column: 11 } },
    ],
    syntax: [
      { "templates/x.yaml": `${CONFIG}data: {a: {{ .Values.a }\n` },
      { code: "chart-render-failed", place: { file: "charts/a/templates/x.yaml", line: 4 } },
    ],
    indentation: [
      { "templates/x.yaml": `${CONFIG}data:\n  a: b: c\n` },
      { code: "chart-render-failed", place: { file: "charts/a/templates/x.yaml" } },
    ],
    schema: [
      { "values.schema.json": '{"type":"object","required":["tag"]}', "templates/x.yaml": CONFIG },
      { code: "values-invalid" },
    ],
    dependency: [
      {
        "Chart.yaml":
          "apiVersion: v2\nname: demo\nversion: 0.1.0\ndependencies: [{name: redis, version: 1.x, repository: 'https://charts.example.com'}]\n",
      },
      { code: "chart-dependency-missing" },
    ],
    kubernetes: [
      { "Chart.yaml": "apiVersion: v2\nname: demo\nversion: 0.1.0\nkubeVersion: '>=1.99.0'\n" },
      { code: "chart-kube-version" },
    ],
    chart: [{ "Chart.yaml": "name: [\n" }, { code: "chart-invalid", place: { file: "charts/a/Chart.yaml", line: 1 } }],
    values: [{ "values.yaml": "a: 1\nb: [\n" }, { code: "chart-invalid" }],
  };

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mayfly-helm-"));
  write("demo", { "templates/x.yaml": `${CONFIG}data: {{ .Values.data | toJson }}\n` });
  for (const [name, [files]] of Object.entries(BROKEN)) write(name, files);
  writeFileSync(join(folder, 'a,"b".yaml'), "data: {file: one}\n");
  writeFileSync(join(folder, "ca.pem"), "a certificate\n");
  writeFileSync(join(folder, "broken.yaml"), "a: 1\nb: [\n");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(chart: string, files: Readonly<Record<string, string>>): void {
  const all = { "Chart.yaml": "apiVersion: v2\nname: demo\nversion: 0.1.0\n", "values.yaml": "data: {}\n", ...files };
  for (const [path, content] of Object.entries(all)) {
    const file = join(folder, chart, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

describe.each(["helm3", "helm"] as const)("the real %s", (tool) => {
  let version: HelmVersion;
  let program: string;

  const run = (parameters: readonly string[]) => {
    const env = {
      PATH: "/usr/bin:/bin",
      HOME: folder,
      HELM_KUBEAPISERVER: NOWHERE,
      // Nothing of this machine's is asked, and nothing outside of it.
      HTTPS_PROXY: "http://127.0.0.1:1",
    };
    const { status, stdout, stderr } = spawnSync(program, [...parameters], {
      cwd: folder,
      env,
      encoding: "utf8",
      input: "secret",
    });
    return { status, stdout, stderr };
  };
  const order = (change: Partial<HelmOrder>): HelmOrder => ({
    release: "shop",
    namespace: "pr-12",
    chart: "./demo",
    valueFiles: [],
    set: [],
    setString: [],
    setFile: [],
    setJson: [],
    timeoutMs: 5_000,
    wait: true,
    force: false,
    takeOwnership: false,
    skipCrds: true,
    context: undefined,
    ...change,
  });
  const offline = { online: false, upgrade: true, kubeVersion: "v1.36.3", apiVersions: ["keda.sh/v1alpha1"] };

  beforeAll(() => {
    program = needTools(tool).helm;
    version = readValue(requireHelmVersion(run(["version", "--short"]).stdout));
  });

  test("is of the major that it says", () => {
    expect(version.major).toBe(tool === "helm" ? 4 : 3);
  });

  test("takes values from every source, in their order, whatever they are called", () => {
    const one = order({
      valueFiles: ['a,"b".yaml'],
      set: ["data.set=-x", "data.two=1,data.three=2"],
      setString: ["data.number=012"],
      setFile: ["data.ca=ca.pem"],
      setJson: ['data.json=["a"]'],
    });
    const { stdout, stderr, status } = run(makeTemplateArguments(one, version, offline));
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
    const [map] = readValue(readManifest(stdout, "pr-12"));
    expect(map).toMatchObject({
      source: "demo/templates/x.yaml",
      object: {
        metadata: { namespace: "pr-12" },
        data: { file: "one", set: "-x", two: 1, three: 2, number: "012", ca: "a certificate\n", json: ["a"] },
      },
    });
  });

  test.each(Object.entries(BROKEN))("fails to render %s, and is understood", (name, [, fault]) => {
    const { stderr, status } = run(makeTemplateArguments(order({ chart: `./${name}` }), version, offline));
    expect(status).toBe(1);
    const { code, place } = explainHelm(stderr, { version, chart: "charts/a" });
    expect({ stderr, code, ...(fault.place === undefined ? {} : { place }) }).toEqual({ stderr, ...fault });
  });

  test.each<readonly [string, Partial<HelmOrder>, HelmFault["code"]]>([
    ["a file of values that is none", { valueFiles: ["broken.yaml"] }, "values-unreadable"],
    ["a file that is not there", { valueFiles: ["missing.yaml"] }, "values-unreadable"],
    ["a line of set without a value", { set: ["a"] }, "set-invalid"],
    ["JSON that is none", { setJson: ["a={"] }, "set-invalid"],
    ["a chart that is not there", { chart: "./missing" }, "chart-missing"],
  ])("refuses %s", (_, change, code) => {
    const { stderr } = run(makeTemplateArguments(order(change), version, offline));
    expect(explainHelm(stderr, { version, chart: undefined }).code).toBe(code);
  });

  test("knows every flag that it is given: it only lacks a cluster", () => {
    const full = order({ force: true, takeOwnership: true });
    const facts = {
      labels: { "mayfly-run-id": "1", "mayfly-job": "null" },
      description: "https://github.com/a/b, with a comma",
    };
    const calls = [
      makeUpgradeArguments(full, version, { ...facts, mayWatch: true }),
      makeUpgradeArguments(full, version, { ...facts, mayWatch: false }),
      makeUpgradeArguments(order({ wait: false, skipCrds: false }), version, { ...facts, mayWatch: true }),
      makeRollbackArguments(full, 3, version),
      makeUninstallArguments(full, version),
      makeTestArguments(full),
      makeHistoryArguments(full),
      makeStatusArguments(full),
    ];
    const codes = calls.map((call) => explainHelm(run(call).stderr, { version, chart: undefined }));
    expect(codes.map(({ code, raw }) => [code, raw])).toEqual(codes.map(({ raw }) => ["cluster-unreachable", raw]));
  });

  test("knows every flag for charts: it only lacks the network", () => {
    const url = "https://127.0.0.1:1";
    const calls = [
      makePullArguments({ kind: "repository", url, name: "keda", given: "" }, "2.20.1", folder),
      makePullArguments({ kind: "oci", reference: "oci://127.0.0.1:1/a/b:1.2.3", given: "" }, undefined, folder),
      makeShowChartArguments({ kind: "oci", reference: "oci://127.0.0.1:1/a/b", given: "" }, "1.2.3"),
    ];
    const codes = calls.map((call) => explainHelm(run(call).stderr, { version, chart: undefined }));
    expect(codes.map(({ code, raw }) => [code, raw])).toEqual(codes.map(({ raw }) => ["chart-unreachable", raw]));
    expect(run(makeShowChartArguments({ kind: "folder", path: "./demo", given: "" }, undefined)).stdout).toMatch(
      /name: demo/,
    );
    expect(run(makeDependencyArguments("./demo"))).toMatchObject({ status: 0 });
    expect(run(makeRegistryLoginArguments("127.0.0.1:1", "me")).stderr).toMatch(/connect|refused|proxy/);
  });
});
