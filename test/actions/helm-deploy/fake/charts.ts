import type { Tree } from "../../../../src/helm/value-tree.ts";

/** A chart as the fake helm knows it. */
export interface FakeChart {
  readonly name: string;
  readonly version: string;
  readonly appVersion: string;
  /** The documents of its templates, hooks and tests among them. */
  readonly render: (values: Tree) => string;
  /** Of its folder `crds`; empty without one. */
  readonly crds?: string;
}

/** A document with the line by which helm names its template. */
export function document(source: string, yaml: string): string {
  return `---\n# Source: shop/templates/${source}.yaml\n${yaml.trim()}\n`;
}

interface WorkloadFacts {
  readonly tag?: string;
  readonly replicas?: number;
  readonly labels?: string;
  readonly probe?: boolean;
}

export function deployment(name: string, { tag = "1", replicas, labels, probe = true }: WorkloadFacts = {}): string {
  return document(
    name,
    `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
${replicas === undefined ? "" : `  replicas: ${replicas}\n`}  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}, app.kubernetes.io/instance: shop${labels === undefined ? "" : `, ${labels}`}}}
    spec:
      containers:
        - name: main
          image: shop.azurecr.io/${name}:${tag}
${probe ? "          readinessProbe: {httpGet: {path: /, port: 80}}\n" : ""}`,
  );
}

export function job(name: string, { tag = "1", hook = "" }: { readonly tag?: string; readonly hook?: string } = {}) {
  const annotations = hook === "" ? "" : `, annotations: {"helm.sh/hook": "${hook}"}`;
  return document(
    name,
    `apiVersion: batch/v1
kind: Job
metadata: {name: ${name}${annotations}}
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: "shop.azurecr.io/${name}:${tag}"}]`,
  );
}

export function configMap(name: string, data: Tree): string {
  return document(name, JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data }));
}

export const WIDGET_CRD = `---
# Source: shop/crds/widgets.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.shop.example}
spec:
  group: shop.example
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions: [{name: v1, served: true, storage: true}]
`;

/** A shop with one Deployment: `tag` is its image's, `values` all that the chart was given. */
export const SHOP: FakeChart = {
  name: "shop",
  version: "1.4.0",
  appVersion: "2.0.1",
  render: (values) =>
    deployment("api", { tag: String(values["tag"] ?? "1") }) + configMap("settings", { given: JSON.stringify(values) }),
};
