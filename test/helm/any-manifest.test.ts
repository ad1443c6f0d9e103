import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { findUrl, listGateways, listUrlObjects } from "../../src/helm/find-url.ts";
import { comparePlan, isEmpty } from "../../src/helm/plan.ts";
import { readManifest } from "../../src/helm/read-manifest.ts";
import { makeReleaseBindings } from "../../src/helm/release-bindings.ts";
import { listStaticFindings } from "../../src/helm/static-findings.ts";
import { listIdentityFindings } from "../../src/helm/workload-identity.ts";

/** What YAML can say: an object of a chart is what somebody wrote, and no API server has looked at it yet. */
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 1 }),
  fc.constantFrom<unknown>(null, true, 8080, "", "true", "Deployment", { toString: "" }, [
    { name: { toString: null } },
  ]),
);
const node: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, depthSize: "small", withCrossShrink: true },
    value,
    fc.dictionary(
      fc.constantFrom(
        ..."annotations containers helm.sh/hook helm.sh/hook-weight hosts http labels metadata name".split(" "),
        ..."path paths port ports replicas rules scaleTargetRef spec template tls toString __proto__".split(" "),
        "azure.workload.identity/client-id",
        "azure.workload.identity/use",
        "service.beta.kubernetes.io/azure-dns-label-name",
      ),
      tie("tree"),
      { maxKeys: 4, noNullPrototype: true },
    ),
    fc.array(tie("tree"), { maxLength: 3 }),
  ),
})).tree;
const pod = fc.record(
  {
    metadata: node,
    spec: fc.record({ containers: fc.array(node, { maxLength: 2 }), serviceAccountName: node }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
const manifest = fc.record(
  {
    apiVersion: fc.constantFrom("v1", "apps/v1", "networking.k8s.io/v1", "gateway.networking.k8s.io/v1"),
    kind: fc.constantFrom(
      ..."ConfigMap Deployment HTTPRoute HorizontalPodAutoscaler Ingress Pod Secret Service ServiceAccount".split(" "),
    ),
    metadata: fc.record(
      {
        name: fc.constantFrom("api", "web"),
        namespace: fc.constantFrom(null, "other"),
        labels: node,
        annotations: node,
      },
      { requiredKeys: ["name"] },
    ),
    spec: fc.oneof(node, fc.record({ template: pod, replicas: value, scaleTargetRef: node }, { requiredKeys: [] })),
    stringData: node,
    data: node,
  },
  { requiredKeys: ["apiVersion", "kind", "metadata"] },
);

test("whatever a chart renders is read, compared and judged, and is the same as itself", () => {
  const facts = { namespace: "pr-12", clientIds: ["a"], federated: new Map([["a", []]]), issuer: "https://issuer" };
  fc.assert(
    fc.property(fc.array(manifest, { maxLength: 3 }), fc.array(manifest, { maxLength: 3 }), (one, other) => {
      const [before, after] = [one, other].map((all) => {
        const text = all.map((object) => `---\n# Source: a/t.yaml\n${JSON.stringify(object)}\n`).join("");
        const bindings = { name: "a", namespace: "b", revision: 1, manifest: text, chart: { name: "", version: "" } };
        makeReleaseBindings(bindings as unknown as Parameters<typeof makeReleaseBindings>[0]);
        const read = readManifest(text, "pr-12");
        return "value" in read ? read.value : [];
      });
      if (before === undefined || after === undefined) throw new Error("there are two");
      const objects = after.map(({ object }) => object);
      const found = [
        ...listStaticFindings({ objects: after, plan: comparePlan(before, after) }),
        ...listIdentityFindings({ ...facts, objects }),
      ];
      for (const { message } of found) expect(message).not.toMatch(/\[object Object\]|undefined/);
      for (const object of listUrlObjects(objects)) {
        listGateways(object);
        const url = findUrl(object, { zone: "west.cloudapp.azure.com", gateways: new Map() });
        if (url.kind === "found") expect(url.url).not.toContain("undefined");
      }
      expect(isEmpty(comparePlan(after, after))).toBe(true);
    }),
  );
});
