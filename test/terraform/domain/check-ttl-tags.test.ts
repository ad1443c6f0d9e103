import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { checkTtlTags, type TtlTerms } from "../../../src/terraform/check-ttl-tags.ts";
import type { Json } from "../../../src/terraform/exact-json.ts";
import { readPlan } from "../../../src/terraform/read-plan.ts";
import { parseExpiry, renderExpiry } from "../../../src/ttl/expiry.ts";
import { readValue } from "./parsed.ts";
import { makeChange, makePlan, type Planned } from "./planned.ts";

const now = new Date("2026-11-21T12:00:00Z");
const terms: TtlTerms = {
  now,
  expiresAt: new Date("2026-11-21T20:00:00Z"),
  latest: new Date("2026-11-28T12:00:00Z"),
  parseExpiry,
};
const good = { "auto-destroy": "true", "expires-at": "2026-11-21T20:00:00Z" };

const check = (planned: Planned) => {
  const { groups } = readValue(readPlan(makePlan([makeChange(planned)])));
  return checkTtlTags(groups, terms).map(({ message }) => message);
};
const create = (tags: Json, more: Planned = {}): Planned => ({
  actions: ["create"],
  after: { name: "rg", tags },
  ...more,
});

describe("a resource group that a plan creates", () => {
  test.each<readonly [string, Planned]>([
    ["with both tags", create(good)],
    ["with names in other case", create({ "Auto-Destroy": "True", "EXPIRES-AT": "2026-11-21T21:00:00+01:00" })],
    [
      "through azapi",
      create(good, {
        type: "azapi_resource",
        after: { type: "Microsoft.Resources/resourceGroups@2024-03-01", tags: good },
      }),
    ],
  ])("passes %s", (_name, planned) => {
    expect(check(planned)).toEqual([]);
  });

  test.each<readonly [string, Planned, readonly string[]]>([
    ["has no tags", create(null), ["has no tag auto-destroy", "has no tag expires-at"]],
    ["has tags that are not known", create(null, { unknown: { tags: true } }), ["not known before the apply"]],
    [
      "has one tag that is not known",
      create({ "auto-destroy": "true" }, { unknown: { tags: { "expires-at": true } } }),
      ["a tag expires-at that is not known before the apply"],
    ],
    [
      "is marked with another word",
      create({ ...good, "auto-destroy": "yes" }),
      ['auto-destroy = "yes"', 'only "true" counts'],
    ],
    [
      "has a date that is none",
      create({ ...good, "expires-at": "tomorrow" }),
      ["it is not RFC 3339", "expected 2026-11-21T20:00:00Z"],
    ],
    ["would be born expired", create({ ...good, "expires-at": "2026-11-21T11:59:00Z" }), ["which has passed"]],
    [
      "would die too soon",
      create({ ...good, "expires-at": "2026-11-21T12:14:59Z" }),
      ["less than 15 minutes from now", '"ttl"'],
    ],
    ["would live too long", create({ ...good, "expires-at": "2026-11-28T12:00:01Z" }), ["later than max-ttl allows"]],
    [
      "has a tag twice",
      create({ ...good, "Expires-At": "2026-11-21T20:00:00Z" }),
      ["2 times (expires-at, Expires-At)"],
    ],
    [
      "is made anew",
      { actions: ["delete", "create"], before: { tags: good }, after: { tags: {} } },
      ["has no tag auto-destroy"],
    ],
    [
      "comes through azapi",
      create(null, { type: "azapi_resource", after: { type: "microsoft.resources/resourcegroups@2024-03-01" } }),
      ["azapi_resource.main has no tag"],
    ],
    ["has sensitive tags", create(good, { hiddenAfter: { tags: true } }), ["not known before the apply"]],
  ])("is refused when it %s", (_name, planned, words) => {
    const [message, ...others] = check(planned);
    expect(others).toEqual([]);
    for (const word of [...words, ".main ", "tags = var.tags"]) expect(message).toContain(word);
  });

  test("is refused exactly outside of 15 minutes and max-ttl", () => {
    const minute = fc.integer({ min: -100, max: 20_000 });
    fc.assert(
      fc.property(minute, (minutes) => {
        const tags = { ...good, "expires-at": renderExpiry(new Date(now.getTime() + minutes * 60_000)) };
        expect(check(create(tags))).toHaveLength(minutes >= 15 && minutes <= 7 * 24 * 60 ? 0 : 1);
      }),
    );
  });
});

describe("other changes", () => {
  test.each<readonly [string, Planned]>([
    ["a group that is kept", { actions: ["update"], before: { tags: {} }, after: { tags: { a: "b" } } }],
    ["a group that goes", { actions: ["delete"], before: { tags: {} } }],
    ["something else", { actions: ["create"], type: "azurerm_virtual_network", after: { tags: {} } }],
    [
      "something else through azapi",
      { actions: ["create"], type: "azapi_resource", after: { type: "Microsoft.Network/virtualNetworks@2024-01-01" } },
    ],
    ["a group that is only read", { ...create({}), actions: ["read"], more: { mode: "data" } }],
  ])("are not asked for the tags: %s", (_name, planned) => {
    expect(check(planned)).toEqual([]);
  });
});
