import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { comparePlans } from "../../../src/terraform/compare-plans.ts";
import type { Json } from "../../../src/terraform/exact-json.ts";
import { readPlan } from "../../../src/terraform/read-plan.ts";
import { hasChanges, isRunTagOnly } from "../../../src/terraform/run-tags.ts";
import { readFixture, readValue } from "./parsed.ts";
import { makeChange, makePlan, type Planned } from "./planned.ts";

const factsOf = (planned: readonly Planned[], more: Readonly<Record<string, Json>> = {}) =>
  readValue(readPlan(makePlan(planned.map(makeChange), more)));
const essenceOf = (planned: readonly Planned[], more: Readonly<Record<string, Json>> = {}) =>
  factsOf(planned, more).essence;

const update = (before: Json, after: Json, more: Planned = {}): Planned => ({
  before: { id: "/g", ...(before as object) },
  after: { id: "/g", ...(after as object) },
  ...more,
});

describe("the essence of a plan", () => {
  test("is the same for the same plan, made anew", () => {
    const plan = readFixture("change.plan.json");
    const later = plan.replace(/"timestamp": "[^"]+"/, '"timestamp": "2031-01-01T00:00:00Z"');
    expect(later).not.toBe(plan);
    expect(readValue(readPlan(later)).essence).toBe(readValue(readPlan(plan)).essence);
  });

  const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean());
  const values = fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), scalar, { minKeys: 1, maxKeys: 4 });
  const changes = fc.uniqueArray(
    fc.record({ key: fc.nat(), after: values, kind: fc.constantFrom("create", "update", "delete") }),
    { selector: ({ key }) => key, minLength: 1, maxLength: 6 },
  );
  const make = ({ key, after, kind }: { key: number; after: Record<string, Json>; kind: string }): Planned => ({
    address: `azurerm_thing.x[${key}]`,
    actions: [kind],
    before: kind === "create" ? null : { id: `/${key}` },
    after: kind === "delete" ? null : after,
  });

  test("does not depend on order, of resources or of names", () => {
    fc.assert(
      fc.property(changes, (all) => {
        const turned = all.toReversed().map((one) => ({
          ...one,
          after: Object.fromEntries(Object.entries(one.after).toReversed()),
        }));
        expect(essenceOf(turned.map(make))).toBe(essenceOf(all.map(make)));
      }),
    );
  });

  test("changes with any value, kind, address, and with what comes or goes", () => {
    fc.assert(
      fc.property(
        changes,
        fc.nat(),
        fc.constantFrom("value", "kind", "address", "one less", "sensitive"),
        (all, pick, what) => {
          const at = pick % all.length;
          const [name = ""] = Object.keys(all[at]?.after ?? {});
          const other = all.map(make).flatMap((one, index): readonly Planned[] => {
            if (index !== at) return [one];
            if (what === "one less") return [];
            if (what === "kind") return [{ ...one, actions: [one.actions?.[0] === "read" ? "create" : "read"] }];
            if (what === "address" || one.after === null) return [{ ...one, address: "azurerm_thing.other" }];
            const mark = what === "sensitive" ? { hiddenAfter: { [name]: true } } : {};
            return [{ ...one, after: { ...(one.after as object), [name]: { another: "value" } }, ...mark }];
          });
          expect(essenceOf(other)).not.toBe(essenceOf(all.map(make)));
        },
      ),
    );
  });

  test.each<readonly [string, readonly Planned[], readonly Planned[]]>([
    ["what becomes of a value", [update({ a: 1 }, { a: 2 })], [update({ a: 1 }, { a: 3 })]],
    ["what a value was", [update({ a: 0 }, { a: 2 })], [update({ a: 1 }, { a: 2 })]],
    ["a known value for one that is not", [update({}, { a: 1 })], [update({}, {}, { unknown: { a: true } })]],
    [
      "which object goes",
      [{ actions: ["delete"], before: { id: "1" } }],
      [{ actions: ["delete"], before: { id: "2" } }],
    ],
    [
      "a sensitive value",
      [update({}, { a: "one" }, { hiddenAfter: { a: true } })],
      [update({}, { a: "two" }, { hiddenAfter: { a: true } })],
    ],
    [
      "which comes first",
      [{ actions: ["create", "delete"], after: {} }],
      [{ actions: ["delete", "create"], after: {} }],
    ],
  ])("changes with %s", (_name, one, other) => {
    expect(essenceOf(one)).not.toBe(essenceOf(other));
  });

  test.each<readonly [string, readonly Planned[], readonly Planned[]]>([
    [
      "unknown values are unknown",
      [update({}, {}, { unknown: { a: true } })],
      [update({}, {}, { unknown: { a: true } })],
    ],
    ["what does not change", [update({ a: 1, b: 1 }, { a: 2, b: 1 })], [update({ a: 1, b: 7 }, { a: 2, b: 7 })]],
    [
      "when a new group shall die",
      [{ actions: ["create"], after: { tags: { "expires-at": "2026-11-21T20:00:00Z", a: "b" } } }],
      [{ actions: ["create"], after: { tags: { "expires-at": "2026-11-22T20:00:00Z", a: "b" } } }],
    ],
    ["an update of the expiry alone", [update({ tags: { "expires-at": "x" } }, { tags: { "expires-at": "y" } })], []],
  ])("does not change with %s", (_name, one, other) => {
    expect(essenceOf(one)).toBe(essenceOf(other));
  });

  test("takes the expiry that the run handed over for the same wherever it stands", () => {
    const plan = (at: string) =>
      essenceOf([{ actions: ["create"], after: { note: at } }], {
        variables: { tags: { value: { "expires-at": at } } },
      });
    expect(plan("2026-11-21T20:00:00Z")).toBe(plan("2026-11-22T20:00:00Z"));
  });

  test("tells outputs and failing checks", () => {
    const output = (after: Json, hidden = false): Readonly<Record<string, Json>> => ({
      output_changes: {
        o: {
          actions: ["create"],
          before: null,
          after,
          after_unknown: false,
          before_sensitive: hidden,
          after_sensitive: hidden,
        },
      },
    });
    const check = { checks: [{ address: { to_display: "check.a" }, status: "fail" }] };
    const all = [
      essenceOf([]),
      essenceOf([], output(1)),
      essenceOf([], output(2)),
      essenceOf([], output("secret", true)),
      essenceOf([], check),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe("an update", () => {
  const [moved, more] = [
    update({ tags: { "Expires-At": "x" } }, { tags: { "Expires-At": "y" } }),
    update({ tags: { "expires-at": "x", a: "1" } }, { tags: { "expires-at": "y", a: "2" } }),
  ];

  test("of the expiry alone is no change", () => {
    const facts = factsOf([moved]);
    expect(facts.changes.map(isRunTagOnly)).toEqual([true]);
    expect(hasChanges(facts)).toBe(false);
  });

  test("of the commit and of who started the run is none either, and plans of two commits are alike", () => {
    const tagged = (commit: string, owner: string) =>
      update({ tags: { "mayfly-head-sha": "a", owner: "mona" } }, { tags: { "mayfly-head-sha": commit, owner } });
    const facts = factsOf([tagged("b", "hubot")]);
    expect(facts.changes.map(isRunTagOnly)).toEqual([true]);
    expect(hasChanges(facts)).toBe(false);
    expect(factsOf([tagged("c", "mona")]).essence).toBe(facts.essence);
  });

  test.each<readonly [string, Planned]>([
    ["of more than the expiry", more],
    ["that takes the expiry away", update({ tags: { "expires-at": "x" } }, { tags: {} })],
    ["that is a replacement", { ...moved, actions: ["delete", "create"] }],
    ["of something else of that name", update({ labels: { "expires-at": "x" } }, { labels: { "expires-at": "y" } })],
  ])("%s is a change", (_name, planned) => {
    const facts = factsOf([planned]);
    expect(facts.changes.map(isRunTagOnly)).toEqual([false]);
    expect(hasChanges(facts)).toBe(true);
  });
});

describe("two plans", () => {
  const differences = (approved: readonly Planned[], fresh: readonly Planned[]) => {
    const compared = comparePlans(factsOf(approved), factsOf(fresh));
    return compared.same ? [] : compared.differences;
  };
  const aks = { address: "azurerm_kubernetes_cluster.main", type: "azurerm_kubernetes_cluster" };
  const replaced: Planned = {
    ...aks,
    actions: ["delete", "create"],
    before: { id: "1", node_size: "a" },
    after: { id: "1", node_size: "b" },
    replacePaths: [["node_size"]],
    more: { action_reason: "replace_because_cannot_update" },
  };

  test("that do the same are the same", () => {
    expect(differences([replaced], [replaced])).toEqual([]);
  });

  test.each<readonly [string, readonly Planned[], readonly Planned[], readonly string[]]>([
    ["what is new", [], [replaced], ["+1 replace azurerm_kubernetes_cluster.main (cannot_update: node_size)"]],
    [
      "what is gone",
      [{ ...aks, actions: ["delete"], before: { id: "1" } }],
      [],
      ["-1 delete azurerm_kubernetes_cluster.main"],
    ],
    [
      "what became of an update",
      [{ ...update({ node_size: "a" }, { node_size: "b" }), ...aks }],
      [replaced],
      [
        "update azurerm_kubernetes_cluster.main became replace azurerm_kubernetes_cluster.main (cannot_update: node_size)",
      ],
    ],
    [
      "a value",
      [update({ a: 1 }, { a: 2 })],
      [update({ a: 1 }, { a: 3 })],
      ["azurerm_resource_group.main: a was 1 → 2, is 1 → 3"],
    ],
    [
      "a sensitive value, without showing it",
      [update({}, { a: "one-secret" }, { hiddenAfter: { a: true } })],
      [update({}, { a: "two-secret" }, { hiddenAfter: { a: true } })],
      ["azurerm_resource_group.main: a value that is not shown differs"],
    ],
  ])("differ in words: %s", (_name, approved, fresh, words) => {
    expect(differences(approved, fresh)).toEqual(words);
  });

  test("differ whenever their essence does, and then say something", () => {
    const values = fc.dictionary(fc.constantFrom("a", "b"), fc.integer({ max: 2, min: 0 }), { maxKeys: 2 });
    const plans = fc.uniqueArray(fc.record({ key: fc.nat({ max: 2 }), after: values }), { selector: ({ key }) => key });
    const make = ({ key, after }: { key: number; after: Json }) => ({
      address: `a.b[${key}]`,
      actions: ["create"],
      after,
    });
    fc.assert(
      fc.property(plans, plans, (one, other) => {
        const [approved, fresh] = [factsOf(one.map(make)), factsOf(other.map(make))];
        expect(comparePlans(approved, fresh).same).toBe(approved.essence === fresh.essence);
      }),
    );
  });
});
