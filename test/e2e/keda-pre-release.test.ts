import { mkdtempSync, rmSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { needTools } from "../image-tools/need-tools.ts";
import { type Deployed, type HelmScene, openHelmScene } from "./helm-scene.ts";
import { writeKedaChart } from "./keda-chart.ts";

jest.setTimeout(180_000);

const files = needTools("keda");
const SCALED_JOBS = "scaledjobs.keda.sh";
const EVENT_SOURCES = "cloudeventsources.eventing.keda.sh";

// A cluster has one KEDA: this file has a cluster of its own, where nobody else's is.
const home = mkdtempSync(join(tmpdir(), "mayfly-keda-"));
const before = process.env["MAYFLY_CLUSTER_HOME"];

let scene: HelmScene;
let namespace: string;
let workspace: string;

beforeAll(async () => {
  process.env["MAYFLY_CLUSTER_HOME"] = home;
  scene = await openHelmScene();
  namespace = await scene.space("queue");
  workspace = await scene.workspace();
  await writeKedaChart(join(workspace, "keda"), files);
});

afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  await scene.cluster.stop();
  if (before === undefined) delete process.env["MAYFLY_CLUSTER_HOME"];
  else process.env["MAYFLY_CLUSTER_HOME"] = before;
  rmSync(home, { recursive: true, force: true });
});

/** A queue's worker that is never asked for: whether KEDA takes it is all that counts. */
function scaledJob(pollingInterval: number): object {
  const containers = [{ name: "main", image: `${scene.image.repository}:${scene.image.tag}`, args: ["true"] }];
  return {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledJob",
    metadata: { name: "shop-worker" },
    spec: {
      pollingInterval,
      jobTargetRef: { template: { spec: { restartPolicy: "Never", containers } } },
      triggers: [
        {
          type: "cron",
          metadata: { timezone: "Etc/UTC", start: "0 0 29 2 *", end: "1 0 29 2 *", desiredReplicas: "1" },
        },
      ],
    },
  };
}

const deploy = (pollingInterval: number): Promise<Deployed> =>
  scene.deploy(
    namespace,
    {
      "values-yaml": JSON.stringify({ image: scene.image, extra: [scaledJob(pollingInterval)] }),
      "pre-releases": "keda: { chart: keda, namespace: keda, timeout: 90s }",
    },
    { workspace },
  );

const readDefinition = async (name: string): Promise<{ readonly annotations: object; readonly created: string }> => {
  const { metadata } = JSON.parse(await scene.cluster.kubectl("get", "crd", name, "--output=json"));
  return { annotations: metadata.annotations, created: metadata.creationTimestamp };
};
const listDefinitions = async (): Promise<readonly string[]> =>
  (await scene.cluster.kubectl("get", "crd", "--output=name")).split("\n").filter(Boolean).sort();

test("an operator is deployed first, its kinds are awaited, and the release of them goes through in the same step", async () => {
  const job = await deploy(30);
  expect(job.errors).toEqual([]);
  expect(job.outputs).toMatchObject({ status: "deployed", release: "shop", revision: "1" });
  expect(job.summary).toContain("6 CRDs were applied, and are served.");
  expect(await scene.helm(4, "list", "--namespace=keda", "--short")).toBe("keda\n");
  const ready = ["-o=jsonpath={.status.readyReplicas}"];
  expect(await scene.cluster.kubectl("get", "deployment", "keda-operator", "-n=keda", ...ready)).toBe("1");

  // The operator has taken it: nobody else writes its status.
  const { status } = await scene.read(namespace, "scaledjob", "shop-worker");
  expect(status).toMatchObject({
    conditions: expect.arrayContaining([expect.objectContaining({ type: "Ready", status: "True" })]),
  });
  expect(await scene.page(namespace)).toBe("first");
});

test("what has changed in a definition is applied by an upgrade, and what has gone from the chart stays", async () => {
  const all = await listDefinitions();
  const first = await readDefinition(SCALED_JOBS);
  const crds = join(workspace, "keda/crds");
  const path = join(crds, "keda.sh_scaledjobs.yaml");
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace(/^ {2}annotations:\n/m, "  annotations:\n    shop.example.com/edition: second\n"));
  await rm(join(crds, "eventing.keda.sh_cloudeventsources.yaml"));

  const job = await deploy(20);
  expect(job.errors).toEqual([]);
  expect(job.outputs).toMatchObject({ status: "deployed", revision: "2" });
  const second = await readDefinition(SCALED_JOBS);
  expect(second.annotations).toMatchObject({ "shop.example.com/edition": "second" });
  expect(first.annotations).not.toHaveProperty(["shop.example.com/edition"]);
  // The same one, with what is made of it.
  expect(second.created).toBe(first.created);
  expect(await listDefinitions()).toEqual(all);
  expect(all).toContain(`customresourcedefinition.apiextensions.k8s.io/${EVENT_SOURCES}`);
  const { spec } = await scene.read(namespace, "scaledjob", "shop-worker");
  expect(spec).toMatchObject({ pollingInterval: 20 });
});

test("no definition goes with its release, and no object with a definition", async () => {
  const all = await listDefinitions();
  await scene.helm(4, "uninstall", "keda", "--namespace=keda");
  expect(await listDefinitions()).toEqual(all);
  expect(await scene.read(namespace, "scaledjob", "shop-worker")).toHaveProperty("spec");

  // They belong to no release, and are in nobody's way.
  const again = await deploy(20);
  expect(again.errors).toEqual([]);
  expect(again.outputs).toMatchObject({ status: "deployed", revision: "3" });
  expect(await scene.helm(4, "list", "--namespace=keda", "--short")).toBe("keda\n");
});
