import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Step } from "../runner/job.ts";
import { type Deployed, type DeployJob, type HelmScene, openHelmScene } from "./helm-scene.ts";
import { inLanes } from "./lanes.ts";

jest.setTimeout(180_000);

/** More processes than this only wait for each other. */
const LANES = 3;

interface Wrong {
  readonly name: string;
  readonly inputs?: Step["with"];
  /** Of the workspace, besides the chart. */
  readonly files?: Readonly<Record<string, string>>;
  readonly job?: () => DeployJob | Promise<DeployJob>;
  readonly code: string;
  /** All of it is in the one message. */
  readonly says: readonly (string | RegExp)[];
  /** Where the annotation stands. */
  readonly at?: readonly [file: string, line: string | undefined];
}

const kubeconfigOf = (server: string, user: object): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "shop",
    contexts: [{ name: "shop", context: { cluster: "shop", user: "shop" } }],
    clusters: [
      {
        name: "shop",
        cluster: { server, "certificate-authority-data": Buffer.from(scene.cluster.ca).toString("base64") },
      },
    ],
    users: [{ name: "shop", user }],
  });

/** A job whose kubeconfig leads there. */
async function by(name: string, server: string, user: object): Promise<DeployJob> {
  const path = join(scene.scratch, `${name}.kubeconfig`);
  await writeFile(path, kubeconfigOf(server, user), { mode: 0o600 });
  return { env: { KUBECONFIG: path } };
}

const chartYaml = (more: string): string => `apiVersion: v2\nname: shop\nversion: 0.1.0\n${more}\n`;

const WRONG: readonly Wrong[] = [
  {
    name: "a template that asks for what is not there",
    files: { "shop/templates/broken.yaml": "kind: ConfigMap\nmetadata:\n  name: {{ .Values.nope.name }}\n" },
    code: "chart-render-failed",
    says: [
      /^shop\/templates\/broken\.yaml:3: \{\{ \.Values\.nope\.name \}\}: nil pointer/,
      "To do: give a value there",
    ],
    at: ["shop/templates/broken.yaml", "3"],
  },
  {
    name: "a template that renders to no YAML",
    files: { "shop/templates/broken.yaml": "kind: ConfigMap\nmetadata: { name: x\n" },
    code: "chart-render-failed",
    says: ["shop/templates/broken.yaml renders to no YAML"],
    at: ["shop/templates/broken.yaml", undefined],
  },
  {
    name: "a template that demands a value",
    files: { "shop/templates/broken.yaml": '{{ required "say who owns it (owner)" .Values.owner }}\n' },
    code: "chart-render-failed",
    says: ["say who owns it (owner)"],
    at: ["shop/templates/broken.yaml", "1"],
  },
  {
    name: "values that break the schema",
    inputs: { "values-yaml": "replicas: many\npage: [1]" },
    code: "values-invalid",
    says: [/replicas/, /page/],
  },
  {
    name: "a file of values that is no YAML",
    inputs: { values: "preview.yaml" },
    files: { "preview.yaml": "page: first\nimage: [\n" },
    code: "values-unreadable",
    says: ["preview.yaml"],
  },
  {
    name: "a chart and files of values that are not there",
    inputs: { chart: "charts/shop", values: "one.yaml\ntwo.yaml" },
    code: "bad-input",
    says: [
      "values: expected a file, got one.yaml",
      "values: expected a file, got two.yaml",
      "chart: expected a chart's folder",
    ],
  },
  {
    name: "a folder that is no chart",
    inputs: { chart: "other" },
    files: { "other/readme.md": "nothing" },
    code: "chart-missing",
    says: ["Chart.yaml"],
  },
  {
    name: "a chart for another Kubernetes",
    files: { "shop/Chart.yaml": chartYaml('kubeVersion: ">=99.0.0"') },
    code: "chart-kube-version",
    says: [">=99.0.0", /v1\.36\./],
  },
  {
    name: "a chart that needs another one",
    files: {
      "shop/Chart.yaml": chartYaml(
        "dependencies: [{ name: redis, version: 1.0.0, repository: 'https://charts.example.com' }]",
      ),
    },
    code: "chart-dependency-missing",
    says: ["redis", "helm dependency build ./shop"],
  },
  {
    name: "a kind that the cluster does not know",
    inputs: {
      "values-yaml": JSON.stringify({
        extra: [{ apiVersion: "shop.example.com/v1", kind: "Widget", metadata: { name: "w" } }],
      }),
    },
    code: "crd-missing",
    says: [/^Nothing was changed\.\n/, "The cluster does not know Widget (shop.example.com/v1)", "pre-releases"],
  },
  {
    name: "several inputs at once, each by itself",
    inputs: { release: "Shop!", timeout: "soon", wait: "maybe", "lock-wait": "-1s" },
    code: "bad-input",
    says: ["release", "timeout", "wait", "lock-wait"],
  },
  {
    name: "several inputs at once, that do not fit together",
    inputs: {
      "image-values": "web: image",
      preflight: "acess",
      "pre-releases": "keda: {version: '1'}",
      "secret-objects": "db: text",
    },
    code: "bad-input",
    says: ["images: expected", "got acess", "pre-releases: keda: chart", "secret-objects: db"],
  },
  {
    name: "no kubeconfig",
    job: () => ({ env: { KUBECONFIG: join(scene.scratch, "nowhere.kubeconfig") } }),
    code: "kubeconfig-missing",
    says: ["nowhere.kubeconfig"],
  },
  {
    name: "a context that the kubeconfig lacks",
    inputs: { "kube-context": "production" },
    code: "kubeconfig-invalid",
    says: ["production"],
  },
  {
    name: "no cluster at its address",
    job: () => by("closed", "https://127.0.0.1:9", { token: "none" }),
    code: "cluster-unreachable",
    says: ["https://127.0.0.1:9", /refused/i],
  },
  {
    name: "a login that the cluster does not take",
    job: () => by("stranger", scene.cluster.server, { token: "stranger-token" }),
    code: "cluster-login-failed",
    says: [/401|does not take|does not know/],
  },
  {
    name: "an identity without rights",
    job: async () =>
      by("nobody", scene.cluster.server, {
        token: await scene.cluster.kubectl("create", "token", "default", "--namespace", namespace),
      }),
    code: "cluster-access-missing",
    says: ["Nothing was changed.", "kind: Role", 'resources: ["deployments"], verbs: [get, create, patch, delete]'],
  },
];

let scene: HelmScene;
let namespace: string;
const played = new Map<string, Deployed>();

beforeAll(async () => {
  scene = await openHelmScene();
  namespace = await scene.space("input");
  await scene.install(namespace);
  await inLanes(WRONG, LANES, async ({ name, inputs, files, job }) => {
    const whole = { workspace: await scene.workspace(files), ...(await job?.()) };
    played.set(name, await scene.deploy(namespace, inputs, whole));
  });
}, 480_000);
afterAll(async () => scene[Symbol.asyncDispose]());

describe.each(WRONG)("$name", ({ name, code, says, at }) => {
  test("is told once, by its code, with what mends it", () => {
    const job = played.get(name);
    expect([job?.conclusion, job?.main.exitCode]).toEqual(["failure", 1]);
    expect(job?.outputs["error-code"]).toBe(code);
    expect(job?.errors).toHaveLength(1);
    const [error] = job?.errors ?? [];
    for (const words of says) expect(error?.message).toMatch(words);
    if (at !== undefined) expect([error?.file, error?.line]).toEqual(at);
    // Whose fault it is, is plain: no stack, and nobody is sent to our issues.
    expect(job?.text).not.toMatch(/\n\s+at .*\.(?:ts|js):\d+/);
  });
});

test("all of this has changed nothing", async () => {
  expect(await scene.history(namespace)).toEqual(["1 deployed"]);
  expect(await scene.page(namespace)).toBe("first");
  const kept = ["configmaps,pods,services,deployments", "-n", namespace, "-o=jsonpath={.items[*].metadata.name}"];
  const names = (await scene.cluster.kubectl("get", ...kept)).split(" ").map((name) => name.replace(/^shop-.*/, "pod"));
  expect(names.sort()).toEqual(["kube-root-ca.crt", "pod", "shop", "shop"]);
});

test("a chart that does not render makes no namespace", async () => {
  const workspace = await scene.workspace({ "shop/templates/broken.yaml": "a: {{ fail `never` }}\n" });
  const job = await scene.deploy(`${namespace}-new`, {}, { workspace });
  expect(job.outputs["error-code"]).toBe("chart-render-failed");
  expect(await scene.cluster.kubectl("get", "namespace", `${namespace}-new`, "--ignore-not-found", "-o", "name")).toBe(
    "",
  );
});
