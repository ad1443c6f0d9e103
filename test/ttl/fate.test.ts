import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Barriers, GroupFacts } from "../../src/ttl/facts.ts";
import { decideFate, type Policy } from "../../src/ttl/fate.ts";

const NOW = new Date("2026-11-21T09:17:00Z");
const PAST = "2026-11-20T18:00:00Z";
const SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000001";
const FREE: Barriers = { locks: [], denyAssignments: [] };
const POLICY: Policy = {
  namePrefix: undefined,
  protectedNames: ["MC_*", "net?ork"],
  graceMs: 0,
  horizonMs: 366 * 86_400_000,
};

function group(tags: Record<string, string>, more: Partial<GroupFacts> = {}): GroupFacts {
  const name = more.name ?? "pr-7";
  return {
    id: `${SUBSCRIPTION}/resourceGroups/${name}`,
    subscriptionId: "00000000-0000-0000-0000-000000000001",
    name,
    location: "westeurope",
    tags,
    managedBy: undefined,
    provisioningState: "Succeeded",
    ...more,
  };
}

const marked = { "auto-destroy": "true", "expires-at": PAST };

describe("a group whose time has passed", () => {
  test.each([
    ["plainly", group(marked)],
    ["with tags in another casing", group({ "Auto-Destroy": " TRUE ", "EXPIRES-AT": PAST })],
    ["whose last deployment failed", group(marked, { provisioningState: "Failed" })],
  ])("is expired: %s", (_, one) => {
    expect(decideFate(one, FREE, POLICY, NOW)).toEqual({ kind: "expired", expiresAt: new Date(PAST) });
  });

  test("expires at its very moment, and grace moves that moment", () => {
    const exact = group({ ...marked, "expires-at": "2026-11-21T09:17:00Z" });
    expect(decideFate(exact, FREE, POLICY, NOW).kind).toBe("expired");
    expect(decideFate(exact, FREE, POLICY, new Date(NOW.getTime() - 1)).kind).toBe("keep");
    expect(decideFate(exact, FREE, { ...POLICY, graceMs: 1 }, NOW).kind).toBe("keep");
    expect(decideFate(exact, FREE, { ...POLICY, graceMs: 1 }, new Date(NOW.getTime() + 1)).kind).toBe("expired");
  });

  test("that ARM is deleting already is not asked for again", () => {
    expect(decideFate(group(marked, { provisioningState: "Deleting" }), FREE, POLICY, NOW).kind).toBe("deleting");
  });
});

describe("a group that nobody marked", () => {
  test.each([
    ["no tags", {}],
    ["only a date", { "expires-at": PAST }],
    ["another tag", { "auto-destroy-me": "true" }],
    ["a near miss that says no", { autodestroy: "false" }],
  ])("is none of our business: %s", (_, tags) => {
    expect(decideFate(group(tags), FREE, POLICY, NOW)).toEqual({ kind: "ignore", because: "unmarked" });
  });

  test("is out of scope when its name does not begin with the prefix, whatever its tags", () => {
    const fate = decideFate(group(marked), FREE, { ...POLICY, namePrefix: "ci-" }, NOW);
    expect(fate).toEqual({ kind: "ignore", because: "out-of-scope" });
    expect(decideFate(group(marked, { name: "CI-1" }), FREE, { ...POLICY, namePrefix: "ci-" }, NOW).kind).toBe(
      "expired",
    );
  });
});

describe("a marked group that stays", () => {
  const lock = (scope: string) => ({ id: `${scope}/x`, name: "hands-off", level: "CanNotDelete", scope });
  const here = `${SUBSCRIPTION}/resourcegroups/PR-7`;
  const denial = (scope: string) => ({ id: "d", name: "stack", scope });
  const cases: readonly (readonly [string, GroupFacts, Barriers, string])[] = [
    ["its time has not come", group({ ...marked, "expires-at": "2026-11-21T09:17:01Z" }), FREE, "not-yet"],
    ["it opted out", group({ "auto-destroy": "false", "expires-at": PAST }), FREE, "opted-out"],
    ["its name is protected", group(marked, { name: "mc_rg_aks" }), FREE, "protected"],
    ["its name is protected by ?", group(marked, { name: "network" }), FREE, "protected"],
    ["something manages it", group(marked, { managedBy: "/subscriptions/x/aks" }), FREE, "managed"],
    ["it is locked", group(marked), { ...FREE, locks: [lock(here)] }, "locked"],
    ["its subscription is locked", group(marked), { ...FREE, locks: [lock(SUBSCRIPTION)] }, "locked"],
    ["something in it is locked", group(marked), { ...FREE, locks: [lock(`${here}/providers/a/b/c`)] }, "locked"],
    ["a lock's place cannot be told", group(marked), { ...FREE, locks: [lock("/")] }, "locked"],
    [
      "a management group denies it",
      group(marked),
      { ...FREE, denyAssignments: [denial("/providers/Microsoft.Management/managementGroups/m")] },
      "denied",
    ],
    [
      "something in it is denied",
      group(marked),
      { ...FREE, denyAssignments: [denial(`${here}/providers/a/b/c`)] },
      "denied",
    ],
    ["it is being changed", group(marked, { provisioningState: "Updating" }), FREE, "busy"],
    ["ARM does not say how it is", group(marked, { provisioningState: "" }), FREE, "busy"],
    ["it has no date", group({ "auto-destroy": "true" }), FREE, "odd"],
    ["its date has no offset", group({ ...marked, "expires-at": "2026-11-20T18:00:00" }), FREE, "odd"],
    ["its date is absurdly far", group({ ...marked, "expires-at": "2126-11-20T18:00:00Z" }), FREE, "odd"],
    ["its date stands under another name", group({ "auto-destroy": "true", ExpiresAt: PAST }), FREE, "odd"],
    ["its date stands twice", group({ ...marked, "Expires-At": PAST }), FREE, "odd"],
    ["its mark stands twice", group({ ...marked, "Auto-Destroy": "true" }), FREE, "odd"],
    ["its mark is not true", group({ ...marked, "auto-destroy": "yes" }), FREE, "odd"],
    ["its mark is misspelt", group({ auto_destroy: "true", "expires-at": PAST }), FREE, "odd"],
  ];
  test.each(cases)("because %s", (_, one, barriers, reason) => {
    const fate = decideFate(one, barriers, POLICY, NOW);
    expect(fate).toMatchObject({ kind: "keep", reason });
  });

  test("is not kept by a lock on a neighbour whose name only begins alike", () => {
    const barriers = {
      ...FREE,
      locks: [lock(`${SUBSCRIPTION}/resourceGroups/pr-70`), lock(`${SUBSCRIPTION}/resourceGroups/pr`)],
    };
    expect(decideFate(group(marked), barriers, POLICY, NOW).kind).toBe("expired");
  });

  test("gets a proposal that keeps the date that was meant", () => {
    const fate = decideFate(
      group({ "auto-destroy": "true", expires_at: "2026-11-20T19:00:00+01:00" }),
      FREE,
      POLICY,
      NOW,
    );
    expect(fate).toMatchObject({ mend: { "expires-at": "2026-11-20T18:00:00Z" } });
  });

  test.each([
    ["our own casing where it is there", { ...marked, "Expires-At": "2099-01-01T00:00:00Z" }, "Expires-At"],
    ["the first where ours is not", { "auto-destroy": "true", "Expires-At": PAST, "EXPIRES-AT": PAST }, "EXPIRES-AT"],
  ] as const)("loses every casing of a tag but one: %s", (_, tags, gone) => {
    const fate = decideFate(group(tags), FREE, POLICY, NOW);
    expect(fate.kind === "keep" && Object.keys(fate.remove ?? {})).toEqual([gone]);
  });
});

test("a wildcard matches names literally otherwise, and in any text", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[-\w.()]{1,20}$/), fc.stringMatching(/^[-\w.()]{1,20}$/), (name, pattern) => {
      const fate = decideFate(group(marked, { name }), FREE, { ...POLICY, protectedNames: [pattern] }, NOW);
      expect(fate.kind === "keep").toBe(name.toLowerCase() === pattern.toLowerCase());
    }),
  );
});
