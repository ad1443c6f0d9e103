import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Barriers } from "../../src/ttl/facts.ts";
import type { Policy } from "../../src/ttl/fate.ts";
import type { NamespaceFacts } from "../../src/ttl/namespace.ts";
import { listNamespaceChanges } from "../../src/ttl/namespace-changes.ts";
import { decideEnd, SYSTEM_NAMESPACES } from "../../src/ttl/namespace-fate.ts";
import { answererOf, asGroup, isCluster, parseNamespaceId, titleOf } from "../../src/ttl/namespace-group.ts";

const CLUSTER =
  "/subscriptions/s/resourceGroups/rg-shared/providers/Microsoft.ContainerService/managedClusters/aks-shared";
const NOW = new Date("2026-11-21T09:17:00Z");
const POLICY: Policy = { namePrefix: undefined, protectedNames: [], graceMs: 0, horizonMs: 366 * 86_400_000 };
const NONE: Barriers = { locks: [], denyAssignments: [] };

const facts = (more: Partial<NamespaceFacts> = {}): NamespaceFacts => ({
  name: "pr-1",
  uid: "u",
  resourceVersion: "1",
  labels: { "auto-destroy": "true" },
  annotations: { "expires-at": "2026-11-21T08:00:00Z" },
  deleting: false,
  ...more,
});
const decide = (more: Partial<NamespaceFacts> = {}, policy: Partial<Policy> = {}) =>
  decideEnd(asGroup(CLUSTER, facts(more)), NONE, { ...POLICY, ...policy }, NOW);

describe("the end of a namespace", () => {
  test("comes with its time, and is on its way where somebody began", () => {
    expect(decide()).toMatchObject({ kind: "expired" });
    expect(decide({ deleting: true })).toMatchObject({ kind: "deleting" });
    expect(decide({}, { graceMs: 2 * 3_600_000 })).toMatchObject({ kind: "keep", reason: "not-yet" });
  });

  test("is not stopped by what stops groups: locks and deny assignments are ARM's", () => {
    const barriers = {
      locks: [{ id: "l", name: "l", level: "ReadOnly", scope: CLUSTER }],
      denyAssignments: [{ id: "d", name: "d", scope: CLUSTER }],
    };
    expect(decideEnd(asGroup(CLUSTER, facts()), barriers, POLICY, NOW)).toMatchObject({ kind: "expired" });
  });

  test("says label and annotation where a group has tags", () => {
    expect(decide({ labels: { autodestroy: "true" } })).toMatchObject({
      because: 'the label "autodestroy" is not "auto-destroy", so nothing will ever delete this namespace',
    });
    expect(decide({ annotations: { expiry: "2026-11-21T08:00:00Z" } })).toMatchObject({
      because: 'the annotation "expiry" is not "expires-at"',
      mend: { "expires-at": "2026-11-21T08:00:00Z" },
    });
  });

  test("is outside the prefix whatever is misplaced on it", () => {
    const misplaced = { annotations: { "auto-destroy": "true" }, labels: {} };
    expect(decide(misplaced, { namePrefix: "shop-" })).toEqual({ kind: "ignore", because: "out-of-scope" });
  });

  test("never comes for what belongs to the cluster, whatever it is labelled", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SYSTEM_NAMESPACES),
        fc.stringMatching(/^[a-z]{0,8}$/),
        fc.constantFrom("true", "True", " true "),
        (pattern, tail, mark) => {
          const fate = decide({ name: pattern.replace("*", tail), labels: { "auto-destroy": mark } });
          expect(fate).toMatchObject({ kind: "keep", reason: "protected" });
        },
      ),
    );
  });

  test("comes only with one mark and one date, each where it counts", () => {
    const texts = fc.dictionary(
      fc.constantFrom("auto-destroy", "Auto-Destroy", "expires-at", "Expires-At", "owner"),
      fc.constantFrom("true", "false", "2026-11-21T08:00:00Z", "2027-01-01T00:00:00Z", ""),
    );
    fc.assert(
      fc.property(texts, texts, (labels, annotations) => {
        if (decide({ labels, annotations }).kind !== "expired") return;
        const of = (all: Readonly<Record<string, string>>, name: string): readonly string[] =>
          Object.entries(all).flatMap(([key, value]) => (key.toLowerCase() === name ? [value] : []));
        expect(of(labels, "auto-destroy")).toEqual(["true"]);
        expect(of(annotations, "expires-at")).toEqual(["2026-11-21T08:00:00Z"]);
        expect(of(labels, "expires-at")).toEqual([]);
        expect(of(annotations, "auto-destroy").filter((value) => value !== "true")).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});

test("what somebody has written on a namespace since is told without its values", () => {
  const live = facts({ labels: { "auto-destroy": "true", a: "1" }, annotations: { "expires-at": "secret-looking" } });
  expect(listNamespaceChanges(facts(), live)).toEqual([
    "the label a was added",
    "the annotation expires-at was changed",
  ]);
  expect(listNamespaceChanges(facts(), facts({ annotations: {}, resourceVersion: "9" }))).toEqual([
    "the annotation expires-at was removed",
  ]);
  expect(listNamespaceChanges(facts({ deleting: true }), facts())).toEqual(["it is not being deleted any more"]);
  expect(listNamespaceChanges(facts(), facts({ resourceVersion: "9", deleting: true }))).toEqual([]);
});

test("a namespace's id says where it is, and who answers for it", () => {
  const { id, subscriptionId } = asGroup(CLUSTER, facts());
  expect([parseNamespaceId(id), titleOf(id), answererOf(id)]).toEqual([
    { cluster: "aks-shared", name: "pr-1" },
    "pr-1 in aks-shared",
    "the cluster",
  ]);
  expect([isCluster(subscriptionId), isCluster("5ab00000-0000-4000-8000-000000000001")]).toEqual([true, false]);
  const group = "/subscriptions/s/resourceGroups/pr-1";
  expect([parseNamespaceId(group), titleOf(group), answererOf(group)]).toEqual([undefined, "pr-1", "ARM"]);
});
