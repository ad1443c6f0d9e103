import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { comparePlan, isEmpty, type ReleasePlan } from "../../src/helm/plan.ts";
import type { ManifestObject } from "../../src/helm/read-manifest.ts";
import type { KubeObject } from "../../src/kubernetes/kube-object.ts";
import { deployment, objectsOf } from "./manifests.ts";

const compare = (before: string, after: string): ReleasePlan => comparePlan(objectsOf(before), objectsOf(after));
const fieldsOf = ({ changed }: ReleasePlan) => changed.flatMap(({ fields }) => fields);
const secret = (body: string): string => `---\napiVersion: v1\nkind: Secret\nmetadata: {name: db}\n${body}\n`;
const migrate = (image: string, event = "pre-upgrade"): string =>
  `---\napiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate, annotations: {helm.sh/hook: ${event}}}\nspec: {template: {spec: {containers: [{name: a, image: "${image}"}]}}}\n`;

describe("a plan", () => {
  test("says what comes, what goes, and what changes where", () => {
    const plan = compare(
      deployment({ name: "api" }) + deployment({ name: "old" }) + deployment({ name: "same" }),
      deployment({ name: "api", image: "mayfly.azurecr.io/app:2", spec: "replicas: 2" }) +
        deployment({ name: "new" }) +
        deployment({ name: "same" }),
    );
    expect(plan.added.map(({ name }) => name)).toEqual(["new"]);
    expect(plan.removed.map(({ name }) => name)).toEqual(["old"]);
    expect(plan.unchanged.map(({ name }) => name)).toEqual(["same"]);
    expect(fieldsOf(plan)).toEqual([
      {
        path: "spec.template.spec.containers[main].image",
        before: '"mayfly.azurecr.io/app:1"',
        after: '"mayfly.azurecr.io/app:2"',
      },
      { path: "spec.replicas", before: undefined, after: "2" },
    ]);
    expect(isEmpty(plan)).toBe(false);
  });

  test("does not count a newer version of the chart by itself, but does what restarts pods", () => {
    const of = (version: string, pod: string): string =>
      deployment({ labels: `{app: api, helm.sh/chart: ${pod}}` }).replace(
        "{name: api}\nspec",
        `{name: api, labels: {helm.sh/chart: ${version}}}\nspec`,
      );
    expect(isEmpty(compare(of("a-1", "a-1"), of("a-2", "a-1")))).toBe(true);
    expect(fieldsOf(compare(of("a-1", "a-1"), of("a-2", "a-2"))).map(({ path }) => path)).toEqual([
      'spec.template.metadata.labels."helm.sh/chart"',
    ]);
  });

  test("takes labels and annotations with nothing below them, as templates leave them, for none", () => {
    const of = (metadata: string): string => deployment({}).replace("metadata: {name: api}", `metadata: {${metadata}}`);
    expect(isEmpty(compare(of("name: api, labels: null, annotations: null"), of("name: api")))).toBe(true);
  });

  test("knows keys that every object of JavaScript has from those that it has not", () => {
    const of = (data: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {${data}}\n`;
    expect(fieldsOf(compare(of("constructor: a"), of("toString: b")))).toEqual([
      { path: "data.constructor", before: '"a"', after: undefined },
      { path: "data.toString", before: undefined, after: '"b"' },
    ]);
  });

  test("does not take a newer version of an API for another object", () => {
    const hpa = (version: string): string =>
      `---\napiVersion: autoscaling/${version}\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\n`;
    const { added, removed, changed } = compare(hpa("v1"), hpa("v2"));
    expect([added, removed, changed.length]).toEqual([[], [], 1]);
  });

  test("shows hashes of a Secret, however it is written, and never a value", () => {
    const one = secret("data: {password: c3dvcmRmaXNo}");
    const other = secret("stringData: {password: swordfish}");
    expect(isEmpty(compare(one, other))).toBe(true);
    const plan = compare(one, secret("stringData: {password: marlin, user: me}"));
    expect(fieldsOf(plan)).toEqual([
      {
        path: "data.password",
        before: expect.stringMatching(/^sha256:\w{8}$/),
        after: expect.stringMatching(/^sha256:\w{8}$/),
      },
      { path: "data.user", before: undefined, after: expect.stringMatching(/^sha256:\w{8}$/) },
    ]);
    expect(JSON.stringify(plan)).not.toMatch(/swordfish|c3dvcmRmaXNo|marlin|bWFybGlu/);
  });

  test("hides what is called like a secret elsewhere, too", () => {
    const env = (value: string): string =>
      deployment({
        container: `env: [{name: DB_PASSWORD, value: ${value}}, {name: API_TOKEN_URL, value: ${value}}, {name: COLOUR, value: ${value}}]`,
      });
    const told = fieldsOf(compare(env("swordfish"), env("marlin"))).map(({ path, after }) => [path, after]);
    expect(told).toEqual([
      ["spec.template.spec.containers[main].env[DB_PASSWORD].value", expect.stringMatching(/^sha256:/)],
      ["spec.template.spec.containers[main].env[API_TOKEN_URL].value", expect.stringMatching(/^sha256:/)],
      ["spec.template.spec.containers[main].env[COLOUR].value", '"marlin"'],
    ]);
  });

  test("is not empty when only a hook has changed, and is when only a test has", () => {
    const same = deployment({});
    const plan = compare(same + migrate("a:1"), same + migrate("a:2"));
    expect([plan.added, plan.changed, plan.removed]).toEqual([[], [], []]);
    expect(plan.hooks).toEqual([{ apiVersion: "batch/v1", kind: "Job", namespace: "pr-12", name: "migrate" }]);
    expect(isEmpty(plan)).toBe(false);
    expect(isEmpty(compare(same + migrate("a:1", "test"), same + migrate("a:2", "test")))).toBe(true);
  });

  test("of anything with itself is empty, and of two things tells of each object once, on the right side", () => {
    const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.dictionary(fc.constantFrom("name", "value", "a", "__proto__", "toString", "password"), tie("tree")),
        fc.array(tie("tree"), { maxLength: 3 }),
      ),
    })).tree;
    const object = fc
      .tuple(
        fc.constantFrom("Secret", "ConfigMap", "Deployment"),
        fc.constantFrom("a", "b", "c"),
        fc.constantFrom("x", "y"),
        value,
      )
      .map(
        ([kind, name, namespace, spec]): ManifestObject => ({
          object: { apiVersion: "v1", kind, metadata: { name, namespace }, spec } satisfies KubeObject,
          source: "",
          hook: undefined,
          crd: false,
        }),
      );
    const key = ({ object: { kind, metadata } }: ManifestObject) => `${kind}/${metadata.namespace}/${metadata.name}`;
    const manifest = fc.uniqueArray(object, { selector: key, maxLength: 6 });
    const reorder = (given: unknown): unknown => {
      if (Array.isArray(given)) return given.map(reorder);
      if (typeof given !== "object" || given === null) return given;
      return Object.fromEntries(
        Object.entries(given)
          .toReversed()
          .map(([name, one]) => [name, reorder(one)]),
      );
    };
    fc.assert(
      fc.property(manifest, manifest, (before, after) => {
        const shuffled = before.toReversed().map((one) => ({ ...one, object: reorder(one.object) as KubeObject }));
        expect(isEmpty(comparePlan(before, shuffled))).toBe(true);
        const plan = comparePlan(before, after);
        const names = (
          refs: readonly { readonly kind: string; readonly namespace?: string | undefined; readonly name: string }[],
        ) => refs.map(({ kind, namespace, name }) => `${kind}/${namespace}/${name}`);
        const kept = [...names(plan.unchanged), ...names(plan.changed.map(({ ref }) => ref))];
        expect([...names(plan.added), ...kept].toSorted()).toEqual(after.map(key).toSorted());
        expect([...names(plan.removed), ...kept].toSorted()).toEqual(before.map(key).toSorted());
        expect(plan.changed.every(({ fields }) => fields.length > 0)).toBe(true);
      }),
    );
  });
});
