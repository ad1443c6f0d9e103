import { describe, expect, test } from "@jest/globals";
import { isDrift } from "../../../src/terraform/drift.ts";
import type { ResourceChange } from "../../../src/terraform/plan-facts.ts";

const change = (
  ...attributes: readonly (readonly [string, (string | undefined)?, (string | undefined)?])[]
): ResourceChange => ({
  address: "azurerm_kubernetes_cluster.this",
  previousAddress: undefined,
  type: "azurerm_kubernetes_cluster",
  managed: true,
  kind: "update",
  reason: undefined,
  importing: undefined,
  attributes: attributes.map(([path, before, after]) => ({ path, before, after, forcesReplacement: false })),
});

describe("drift", () => {
  test("is what somebody changed, or deleted", () => {
    expect(isDrift(change(["sku", '"Basic"', '"Premium"']))).toBe(true);
    expect(isDrift(change(["zones", undefined, '["1"]']))).toBe(true);
    expect(isDrift({ ...change(), kind: "delete" })).toBe(true);
  });

  test("is neither an end that moved, nor an empty list that the provider reads back", () => {
    expect(isDrift(change(['tags["expires-at"]', '"2026-11-21T09:17:00Z"', '"2026-11-22T09:17:00Z"']))).toBe(false);
    expect(isDrift(change(["zones", undefined, "[]"], ["note", "null", '""']))).toBe(false);
    expect(isDrift(change(["zones", undefined, "[]"], ["sku", '"Basic"', '"Premium"']))).toBe(true);
  });

  test("is in doubt where nothing tells what changed", () => {
    expect(isDrift(change())).toBe(true);
  });
});
