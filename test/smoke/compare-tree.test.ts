import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { compareTree } from "../../src/smoke/compare-tree.ts";

const DEPLOYMENT = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "api", labels: { "app.kubernetes.io/name": "api" } },
  spec: { replicas: 2, template: { spec: { containers: [{ name: "main", image: "api:1" }, { name: "proxy" }] } } },
  status: {
    conditions: [
      { type: "Progressing", status: "True" },
      { type: "Available", status: "False" },
    ],
  },
};

describe("compareTree", () => {
  test.each<{ name: string; tree: unknown }>([
    { name: "a subset of mappings", tree: { metadata: { name: "api" }, spec: { replicas: 2 } } },
    {
      name: "a list, element by element",
      tree: { spec: { template: { spec: { containers: [{ name: "main" }, {}] } } } },
    },
    {
      name: "an expression in parentheses",
      tree: { status: { "(conditions[?type == 'Available'] | [0].status)": "False" } },
    },
    { name: "an expression on the whole", tree: { "(length(spec.template.spec.containers))": 2 } },
    { name: "a subset of what an expression gives", tree: { status: { "(conditions[0])": { status: "True" } } } },
    {
      name: "predicates of what an expression gives",
      tree: { spec: { "(length(template.spec.containers))": { ">=": 2 } } },
    },
    {
      name: "predicates in a value's place",
      tree: { spec: { replicas: { ">=": 1, "<": 3 } }, metadata: { name: { startsWith: "a" } } },
    },
    { name: "a key with dots", tree: { metadata: { labels: { "app.kubernetes.io/name": "api" } } } },
    { name: "null for what is not there", tree: { spec: { paused: null, "(strategy.type)": null } } },
    { name: "exists: false for what is not there", tree: { spec: { paused: { exists: false } } } },
    { name: "an empty mapping for any mapping", tree: { spec: { template: {} } } },
    { name: "a condition that is calculated", tree: { spec: { "(replicas > `1`)": true } } },
  ])("holds: $name", ({ tree }) => {
    expect(compareTree(tree, DEPLOYMENT)).toMatchObject({ holds: true });
  });

  test.each<{ name: string; tree: unknown; seen: string }>([
    {
      name: "another value",
      tree: { kind: "Deployment", spec: { replicas: 3 } },
      seen: "spec.replicas is 2, expected 3",
    },
    { name: "a text for a number", tree: { spec: { replicas: "2" } }, seen: 'spec.replicas is 2, expected "2"' },
    { name: "nothing there", tree: { spec: { paused: true } }, seen: "spec.paused is nothing, expected true" },
    { name: "nothing above it", tree: { a: { b: 1 } }, seen: "a is nothing, expected a mapping" },
    {
      name: "a value where a mapping is asked for",
      tree: { kind: { a: 1 } },
      seen: 'kind is "Deployment", expected a mapping',
    },
    {
      name: "an empty mapping where nothing is",
      tree: { spec: { strategy: {} } },
      seen: "spec.strategy is nothing, expected a mapping",
    },
    {
      name: "a shorter list",
      tree: { spec: { template: { spec: { containers: [{}] } } } },
      seen: "spec.template.spec.containers has 2 elements, expected 1",
    },
    {
      name: "an element",
      tree: { spec: { template: { spec: { containers: [{ image: "api:2" }, {}] } } } },
      seen: 'spec.template.spec.containers[0].image is "api:1", expected "api:2"',
    },
    {
      name: "no list",
      tree: { spec: [] },
      seen: 'spec is {"replicas":2,"template":{"spec":{"containers":[{"name":"main","image":"api:1"}…, expected a list of 0',
    },
    {
      name: "an expression",
      tree: { status: { "(conditions[?type == 'Available'] | [0].status)": "True" } },
      seen: `status(conditions[?type == 'Available'] | [0].status) is "False", expected "True"`,
    },
    {
      name: "an expression that finds nothing",
      tree: { "(status.replicas)": { "!=": 3 } },
      seen: "(status.replicas) is null, expected != 3",
    },
    {
      name: "an expression that finds nothing, for an exact value",
      tree: { "(status.replicas)": 0 },
      seen: "(status.replicas) is null, expected 0",
    },
    {
      name: "an expression on what is not there",
      tree: { status: { gone: { "(sum(items))": 0 } } },
      seen: "status.gone(sum(items)): The expression sum(items) cannot be calculated: Invalid type: sum() expected argument 1 to be type (Array<number>) but received type null instead.",
    },
    {
      name: "a key with dots",
      tree: { metadata: { labels: { "app.kubernetes.io/name": "web" } } },
      seen: 'metadata.labels["app.kubernetes.io/name"] is "api", expected "web"',
    },
    { name: "a predicate", tree: { spec: { replicas: { ">=": 3 } } }, seen: "spec.replicas is 2, expected >= 3" },
    {
      name: "what every object has",
      tree: { toString: { exists: true } },
      seen: "toString is nothing, expected exists",
    },
  ])("differs: $name", ({ tree, seen }) => {
    expect(compareTree(tree, DEPLOYMENT)).toMatchObject({ holds: false, seen });
  });

  test("keys that are words of predicates are fields where the object has them", () => {
    const rule = { matches: "/api", contains: 1 };
    expect(compareTree({ matches: "/api" }, rule).holds).toBe(true);
    expect(compareTree({ matches: "/ap" }, rule).holds).toBe(false);
    expect(compareTree({ path: { matches: "/ap" } }, { path: "/api" }).holds).toBe(true);
  });

  test("says what it expected, and not more than fits on a line", () => {
    expect(
      compareTree({ spec: { replicas: { ">=": 1 } }, "(a | b)": [1, { c: null }], d: [], e: {} }, {}).expected,
    ).toBe("spec.replicas: >= 1, (a | b)[0]: 1, (a | b)[1].c: null, d: [], e: {}");
    const long = compareTree(
      Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`field${n}`, "x".repeat(300)])),
      {},
    );
    expect(long.expected.length).toBeLessThanOrEqual(200);
    expect(long.seen.length).toBeLessThanOrEqual(200);
  });

  const words = fc.constantFrom("name", "status", "a.b", "kind");
  const tree = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(fc.string(), fc.integer(), fc.boolean()),
      fc.array(tie("node"), { maxLength: 3 }),
      fc.dictionary(words, tie("node"), { maxKeys: 3 }),
    ),
  })).node;

  test("every object has itself, and has it still with more in its mappings", () => {
    fc.assert(
      fc.property(tree, fc.string(), (object, extra) => {
        expect(compareTree(object, object).holds).toBe(true);
        expect(compareTree(object, growMappings(object, `x${extra}`)).holds).toBe(true);
      }),
    );
  });

  test("a leaf that changes is found, and named with both values", () => {
    fc.assert(
      fc.property(tree, fc.nat(), (object, at) => {
        const leaves = countLeaves(object);
        fc.pre(leaves > 0);
        const { holds, seen } = compareTree(object, changeLeaf(object, at % leaves).value);
        expect(holds).toBe(false);
        expect(seen).toContain('"changed\u0000"'.replace("\u0000", "\\u0000"));
        expect(seen).not.toContain("\n");
      }),
    );
  });
});

function growMappings(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((one) => growMappings(one, key));
  if (typeof value !== "object" || value === null) return value;
  return {
    ...Object.fromEntries(Object.entries(value).map(([name, one]) => [name, growMappings(one, key)])),
    [key]: 1,
  };
}

function countLeaves(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce<number>((sum, one) => sum + countLeaves(one), 0);
}

/** The same with its nth leaf changed. */
function changeLeaf(value: unknown, at: number): { value: unknown; passed: number } {
  if (typeof value !== "object" || value === null) return { value: at === 0 ? "changed\u0000" : value, passed: 1 };
  let passed = 0;
  const changed = Object.entries(value).map(([key, one]) => {
    const next = changeLeaf(one, at - passed);
    passed += next.passed;
    return [key, next.value] as const;
  });
  return { value: Array.isArray(value) ? changed.map(([, one]) => one) : Object.fromEntries(changed), passed };
}
