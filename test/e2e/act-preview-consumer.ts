import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { listFilesBelow } from "../../scripts/list-files.ts";
import { needTools } from "../image-tools/need-tools.ts";
import { CHART } from "./helm-scene.ts";
import { repositoryRoot } from "./scene.ts";

/**
 * The two files of examples/previews, but for what they deploy, and that: an image, a configuration of terraform, a chart and
 * a smoke test.
 *
 * @param own keeps this test's names apart from those of others in the same cluster
 */
export function listConsumerFiles(own: string): Readonly<Record<string, string | Uint8Array>> {
  const { busybox } = needTools("busybox-static");
  const shared = {
    "working-directory": "infrastructure",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's
    cluster: "${{ vars.AKS_CLUSTER_ID }}",
    release: "shop",
  };
  const deployed = {
    ...shared,
    chart: "shop",
    "image-values": "web: image",
    "values-yaml": stringify({ page: "from {environment}", extra: [balancedService(`act-${own}-{environment}`)] }),
    "namespace-quota": '{ pods: "5" }',
    smoke: "smoke/*.yaml",
  };
  const removed = { ...shared, repositories: "team/web" };
  const chart = listFilesBelow(CHART, [""]).map((file) => [`shop/${file}`, readFileSync(join(CHART, file))] as const);
  return {
    ".github/workflows/preview.yml": exampleWith("preview.yml", { preview: deployed }, { e2e: AFTERWARDS }),
    ".github/workflows/preview-end.yml": exampleWith("preview-end.yml", {
      teardown: removed,
      command: { ...deployed, ...removed },
    }),
    ".mayfly/images.yml": "- {name: web, images: team/web, context: web}\n",
    "web/Dockerfile": DOCKERFILE,
    "web/busybox": readFileSync(busybox),
    "infrastructure/main.tf": readFileSync(join(repositoryRoot, "examples/environments/infrastructure/main.tf")),
    "smoke/web.yaml": SMOKE,
    ...Object.fromEntries(chart),
  };
}

const DOCKERFILE = `FROM scratch
COPY --chmod=755 busybox /bin/busybox
RUN ["/bin/busybox", "--install", "-s", "/bin"]
ENTRYPOINT ["/bin/sh", "-c"]
`;

const SMOKE = `apiVersion: mayfly/v1alpha1
kind: SmokeTest
metadata:
  name: web
spec:
  steps:
    - name: answers
      try:
        - name: the release is deployed
          helm: {}
        - name: the Service serves this environment
          http:
            url: service://shop:80/
            status: 200
`;

/** A job of the consumer's own behind the call, as docs/previews.md has it. */
const AFTERWARDS = {
  needs: "preview",
  if: "needs.preview.outputs.url != ''",
  "runs-on": "ubuntu-24.04",
  steps: [
    {
      name: "Ask it",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's
      env: { URL: "${{ needs.preview.outputs.url }}" },
      run: 'echo "$URL serves $(curl --fail --silent --show-error "$URL")"',
    },
  ],
};

/** A Service that gets an address, and a name in Azure's DNS. */
function balancedService(label: string): object {
  const annotations = { "service.beta.kubernetes.io/azure-dns-label-name": label };
  const spec = {
    type: "LoadBalancer",
    selector: { "app.kubernetes.io/instance": "shop" },
    ports: [{ port: 80, targetPort: 8080 }],
  };
  return { apiVersion: "v1", kind: "Service", metadata: { name: "public", annotations }, spec };
}

/** A file of examples/previews whose jobs are given other values, and that has more of them. */
function exampleWith(name: string, given: Readonly<Record<string, object>>, more: object = {}): string {
  const file = join(repositoryRoot, "examples/previews/.github/workflows", name);
  const workflow = parse(readFileSync(file, "utf8")) as { readonly jobs: Readonly<Record<string, object>> };
  const jobs = Object.entries(workflow.jobs).map(([id, job]) => [id, { ...job, with: given[id] }]);
  return stringify({ ...workflow, jobs: { ...Object.fromEntries(jobs), ...more } });
}
