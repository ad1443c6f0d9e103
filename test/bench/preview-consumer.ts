import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { CHART } from "../e2e/helm-scene.ts";
import { AZURERM_BACKEND } from "../e2e/terraform-scene.ts";
import { asMap } from "../runner/yaml-step.ts";

const EXAMPLE = resolve("examples/previews/.github/workflows");
const FOLDER = "infrastructure";

/** A folder with the example's two files, a configuration that makes next to nothing, a chart and a smoke test. */
export async function writeConsumer(
  folder: string,
  given: { readonly label: string; readonly image: object; readonly cluster: string },
): Promise<void> {
  const { label, image, cluster } = given;
  const shared = { "working-directory": FOLDER, cluster, release: "shop" };
  // Without a probe, all that is known of a container is that it has not ended yet: it is watched for a while.
  const probe = { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 };
  const values = { image, probe, extra: [publicService(`${label}-{environment}`)] };
  const deployed = {
    ...{ ...shared, build: false, chart: "shop", "values-yaml": stringify(values), smoke: "smoke/*.yaml" },
    "namespace-quota": '{ pods: "5" }',
  };
  const files = {
    ".github/workflows/preview.yml": await exampleWith("preview.yml", { preview: deployed }),
    ".github/workflows/preview-end.yml": await exampleWith("preview-end.yml", { teardown: shared }),
    [`${FOLDER}/main.tf`]: `${AZURERM_BACKEND}resource "terraform_data" "this" {\n  input = "preview"\n}\n`,
    "smoke/page.yaml": SMOKE,
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await cp(CHART, join(folder, "shop"), { recursive: true });
}

/** A file of examples/previews with other inputs for some of its jobs. */
async function exampleWith(name: string, inputs: Readonly<Record<string, object>>): Promise<string> {
  const workflow = asMap(parse(await readFile(join(EXAMPLE, name), "utf8")), name);
  const jobs = Object.entries(asMap(workflow["jobs"], "jobs")).map(([id, job]) => {
    const given = inputs[id];
    return [id, given === undefined ? job : { ...asMap(job, id), with: given }] as const;
  });
  return stringify({ ...workflow, jobs: Object.fromEntries(jobs) });
}

function publicService(label: string): object {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "shop-public",
      annotations: { "service.beta.kubernetes.io/azure-dns-label-name": label },
    },
    spec: {
      type: "LoadBalancer",
      selector: { "app.kubernetes.io/instance": "shop" },
      ports: [{ port: 80, targetPort: 8080 }],
    },
  };
}

const SMOKE = `apiVersion: mayfly/v1alpha1
kind: SmokeTest
metadata: { name: page }
spec:
  steps:
    - name: page
      try:
        - http: { url: "\${url}/", status: 200 }
`;
