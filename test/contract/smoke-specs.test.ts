import { describe, expect, test } from "@jest/globals";
import { parse, stringify } from "yaml";
import { readSpec } from "../../src/smoke/read-spec.ts";
import { CHECK_KINDS } from "../../src/smoke/spec/check-kinds.ts";
import { listSources, readSource } from "./repository.ts";

/** What the action would give a spec; `release` as of a chart with one of everything. */
const BINDINGS = {
  namespace: "shop",
  // The release's address, and the one that deploy-environment asks.
  ...{ url: "https://pr-12.preview.example.com", address: "https://pr-12.preview.example.com/" },
  release: {
    ...{ name: "shop", namespace: "shop", revision: 3, chart: "shop", chartVersion: "1.2.3", appVersion: "2.0" },
    services: [{ name: "shop", ports: ["http"] }],
    ...{ deployments: ["shop"], statefulsets: ["shop"], daemonsets: ["shop"], images: { "octo/shop": "sha256:1" } },
  },
  terraform: { url: "https://shop.example.com" },
  run: {
    ...{ id: "1", attempt: "1", sha: "0a1b2c3", ref: "refs/heads/main", repository: "octo/shop" },
    ...{ url: "https://github.com/octo/shop/actions/runs/1", unique: "run-1-1-abc" },
  },
};

interface Shown {
  /** Where it stands: `docs/smoke-tests.md:7`. */
  readonly place: string;
  readonly text: string;
}

const IS_SPEC = /^kind: SmokeTest$/m;
const BLOCK = /^( *)```ya?ml\n([\s\S]*?)^ *```/gm;

/** The YAML that a page shows. */
function listBlocks(page: string): readonly Shown[] {
  const text = readSource(page);
  return [...text.matchAll(BLOCK)].map(({ index, 1: indent = "", 2: body = "" }) => ({
    place: `${page}:${text.slice(0, index).split("\n").length + 1}`,
    text: body.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  }));
}

const pages = listSources([".md"]).flatMap(listBlocks);
const files = listSources([".yaml", ".yml"])
  .map((path) => ({ place: `${path}:1`, text: readSource(path) }))
  .filter(({ text }) => IS_SPEC.test(text));
const specs = [...files, ...pages.filter(({ text }) => IS_SPEC.test(text))];

/** Lists of checks, as a page shows a part of a step. */
const parts = pages.flatMap(({ place, text }): readonly Shown[] => {
  if (IS_SPEC.test(text) || !text.startsWith("- ")) return [];
  const entries: unknown = parse(text);
  const known = Array.isArray(entries) && entries.some((entry) => Object.keys(entry ?? {}).some(isKind));
  if (!known) return [];
  const spec = { steps: [{ name: "shown", try: entries }] };
  const whole = { apiVersion: "mayfly/v1alpha1", kind: "SmokeTest", metadata: { name: "shown" }, spec };
  return [{ place, text: stringify(whole) }];
});

function isKind(key: string): boolean {
  return Object.hasOwn(CHECK_KINDS, key);
}

/** Why the action refuses a spec. */
function refuse({ place, text }: Shown): readonly string[] {
  const found = readSpec({ file: place, text }, BINDINGS, { namespace: "shop", timeout: 1_000, interval: 1_000 });
  return "problems" in found ? found.problems.map(({ line, message }) => `${place}, line ${line}: ${message}`) : [];
}

describe("the action takes", () => {
  test("every spec of the repository and of its pages", () => {
    expect(specs.map(({ place }) => place.split(":")[0])).toEqual(
      expect.arrayContaining(["docs/smoke-tests.md", "examples/smoke-tests/web.yaml"]),
    );
    expect(specs.flatMap(refuse)).toEqual([]);
  });

  test("every list of checks that a page shows", () => {
    expect(parts.map(({ place }) => place.split(":")[0])).toContain("docs/smoke-tests.md");
    expect(parts.flatMap(refuse)).toEqual([]);
  });
});

test("a spec with a mistake would be told", () => {
  const text = specs.find(({ place }) => place.startsWith("docs/"))?.text ?? "";
  expect(refuse({ place: "a.yaml", text: text.replace("spec:", "spek:") })).not.toEqual([]);
});
