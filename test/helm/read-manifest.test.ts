import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { stringify } from "yaml";
import { readManifest } from "../../src/helm/read-manifest.ts";
import { objectsOf } from "./manifests.ts";
import { messageOf } from "./parsed.ts";

const MANIFEST = `---
# Source: shop/crds/worker.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: workers.example.com}
---
# Source: shop/templates/config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  text: |
    a line
    ---not a separator
     --- nor this
---
# Source: shop/templates/empty.yaml
# only a comment
---
# Source: shop/charts/db/templates/list.yaml
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Secret, metadata: {name: a, namespace: other}}
  - {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: b}}
---
# Source: shop/templates/migrate.yaml
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations:
    "helm.sh/hook": pre-install, pre-upgrade
    "helm.sh/hook-weight": "-5"
    "helm.sh/hook-delete-policy": before-hook-creation,hook-succeeded
---
# Source: shop/templates/tests/ask.yaml
apiVersion: v1
kind: Pod
metadata: {name: ask, annotations: {"helm.sh/hook": test-success}}
`;

describe("a manifest", () => {
  test("has all that a file of the folder crds has, though helm names it once and prints it as it is", () => {
    const definition = (name: string) =>
      `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: ${name}.example.com}\n`;
    const text = [
      `---\n# Source: shop/crds/all.yaml\n---\n${definition("a")}---\n${definition("b")}\n`,
      "---\n# Source: shop/templates/c.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n",
    ].join("");
    expect(objectsOf(text).map(({ object, source, crd }) => [object.metadata.name, source, crd])).toEqual([
      ["a.example.com", "shop/crds/all.yaml", true],
      ["b.example.com", "shop/crds/all.yaml", true],
      ["c", "shop/templates/c.yaml", false],
    ]);
  });

  test("is its objects, each with its template and its namespace", () => {
    const told = objectsOf(MANIFEST).map(({ object, source, crd }) => [
      object.kind,
      object.metadata.namespace,
      source,
      crd,
    ]);
    expect(told).toEqual([
      ["CustomResourceDefinition", undefined, "shop/crds/worker.yaml", true],
      ["ConfigMap", "pr-12", "shop/templates/config.yaml", false],
      ["Secret", "other", "shop/charts/db/templates/list.yaml", false],
      ["ClusterRole", undefined, "shop/charts/db/templates/list.yaml", false],
      ["Job", "pr-12", "shop/templates/migrate.yaml", false],
      ["Pod", "pr-12", "shop/templates/tests/ask.yaml", false],
    ]);
  });

  test("keeps hooks and tests apart", () => {
    expect(objectsOf(MANIFEST).flatMap(({ hook }) => (hook === undefined ? [] : [hook]))).toEqual([
      {
        events: ["pre-install", "pre-upgrade"],
        weight: -5,
        deletePolicies: ["before-hook-creation", "hook-succeeded"],
      },
      { events: ["test"], weight: 0, deletePolicies: [] },
    ]);
  });

  test("is read as helm reads it: yes is a truth, a time is a text, and the last of two keys counts", () => {
    const [one] = objectsOf(
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: yes, b: off, c: 2026-11-21, d: 12:30:45, e: 0644, f: 1, f: 2, g: '1'}",
    );
    expect(one?.object["data"]).toEqual({ a: true, b: false, c: "2026-11-21", d: "12:30:45", e: 420, f: 2, g: "1" });
  });

  test("with Windows' line ends is the same", () => {
    expect(objectsOf(MANIFEST.replaceAll("\n", "\r\n")).map(({ source }) => source)).toEqual(
      objectsOf(MANIFEST).map(({ source }) => source),
    );
  });

  test("tells everything that is wrong with it, with the templates", () => {
    const bad = `${MANIFEST}---\n# Source: shop/templates/a.yaml\na: b: c\n---\n# Source: shop/templates/b.yaml\nkind: Pod\n---\n# Source: shop/templates/c.yaml\napiVersion: v1\nkind: Pod\n---\n# Source: shop/templates/d.yaml\njust a text\n---\n# Source: shop/templates/e.yaml\napiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: 12}\n`;
    const said = messageOf(readManifest(bad, "pr-12"), "manifest-unreadable").split("\n");
    expect(said).toEqual([
      expect.stringMatching(/^shop\/templates\/a\.yaml: it is no YAML/),
      "shop/templates/b.yaml: it has no apiVersion or no kind.",
      "shop/templates/c.yaml: Pod has no metadata.name.",
      expect.stringMatching(/^shop\/templates\/d\.yaml: it is no object/),
      "shop/templates/e.yaml: Pod/a has a metadata.namespace that is no text.",
    ]);
  });

  test("that would blow up memory is refused", () => {
    const laughs = Array.from({ length: 9 }, (_, level) =>
      level === 0 ? "a0: &a0 [x, x, x, x, x, x, x, x, x]" : `a${level}: &a${level} [${`*a${level - 1}, `.repeat(9)}]`,
    ).join("\n");
    const bomb = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n${laughs}\n`;
    expect(messageOf(readManifest(bomb, "a"), "manifest-unreadable")).toMatch(/alias/i);
  });

  test("holds what was written, whatever texts are in it", () => {
    // The library writes the key `<<` without quotes, and then it merges, for helm too.
    const key = fc.string({ minLength: 1 }).filter((text) => text !== "<<");
    const data = fc.dictionary(key, fc.string());
    fc.assert(
      fc.property(fc.array(data, { maxLength: 4 }), (all) => {
        const maps = all.map((one, index) => ({
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { name: `a${index}`, namespace: "b" },
          data: one,
        }));
        const text = maps.map((map) => `---\n# Source: a/t.yaml\n${stringify(map, { version: "1.1" })}`).join("");
        expect(objectsOf(text).map(({ object }) => object)).toEqual(maps);
      }),
    );
  });
});
