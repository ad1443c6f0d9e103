import { expect, test } from "@jest/globals";
import { makeReleaseBindings } from "../../src/helm/release-bindings.ts";
import type { ReleaseRecord } from "../../src/helm/release-record.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;

const RECORD: ReleaseRecord = {
  name: "shop",
  namespace: "orders",
  revision: 3,
  status: "deployed",
  description: "Upgrade complete",
  deployedAt: "2026-01-01T00:00:00Z",
  labels: {},
  chart: { name: "shop", version: "1.2.3", appVersion: "2.0.0" },
  hooks: [
    {
      path: "shop/templates/test.yaml",
      events: ["test"],
      manifest: "apiVersion: v1\nkind: Service\nmetadata: {name: probe}\n",
    },
  ],
  values: {},
  applyMethod: "ssa",
  manifest: `---
apiVersion: v1
kind: Service
metadata: {name: api}
spec: {ports: [{name: http, port: 80}, {port: 9090}]}
---
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {clusterIP: None}
---
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: other}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  template:
    spec:
      initContainers: [{name: migrate, image: "registry.example:5000/migrate"}]
      containers: [{name: main, image: "shop.azurecr.io/api:1@${DIGEST}"}, {name: proxy, image: "docker.io/envoy:v1"}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec: {template: {spec: {containers: [{name: main, image: "postgres"}]}}}
`,
};

test("names what a release is and has, without its hooks and other kinds of the same name", () => {
  expect(makeReleaseBindings(RECORD)).toEqual({
    name: "shop",
    namespace: "orders",
    revision: 3,
    chart: "shop",
    chartVersion: "1.2.3",
    appVersion: "2.0.0",
    services: [
      { name: "api", ports: ["http", 9090] },
      { name: "db", ports: [] },
    ],
    deployments: ["api"],
    statefulsets: ["db"],
    daemonsets: [],
    images: {
      "registry.example:5000/migrate": "latest",
      "shop.azurecr.io/api": DIGEST,
      "docker.io/envoy": "v1",
      postgres: "latest",
    },
  });
});

test("a manifest that cannot be read leaves what is known without it", () => {
  expect(makeReleaseBindings({ ...RECORD, manifest: "a: [" })).toMatchObject({
    name: "shop",
    services: [],
    images: {},
  });
});
