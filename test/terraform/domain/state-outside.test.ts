import { describe, expect, test } from "@jest/globals";
import { listGroupsOf, listOutside } from "../../../src/terraform/state-outside.ts";

const GROUP = "/subscriptions/6f1e9d0c-1111-4222-8333-444455556666/resourceGroups/shop-pr-12";
const SHARED = GROUP.replace("shop-pr-12", "shop-pr-120");
const resource = (type: string, id: unknown, other: object = {}): object => ({
  mode: "managed",
  type,
  name: "x",
  instances: [{ attributes: { id } }],
  ...other,
});
const stateOf = (...resources: readonly object[]): string => JSON.stringify({ version: 4, resources });

describe("what a state holds besides what went with the groups", () => {
  test.each<readonly [string, object, readonly string[]]>([
    ["nothing: the group itself, in any casing", resource("azurerm_resource_group", GROUP.toUpperCase()), []],
    ["nothing: what is in it", resource("azurerm_virtual_network", `${GROUP}/providers/x/y`), []],
    ["nothing: what is nowhere else", resource("random_password", "none"), []],
    ["nothing: data", resource("azurerm_subscription", "/subscriptions/x", { mode: "data" }), []],
    [
      "what is in a group whose name only begins so",
      resource("azurerm_dns_zone", `${SHARED}/z`),
      ["azurerm_dns_zone.x"],
    ],
    ["what has no id that is known", resource("azuread_application", undefined), ["azuread_application.x"]],
    [
      "what has no instances that can be read",
      resource("azurerm_dns_zone", "", { instances: 7 }),
      ["azurerm_dns_zone.x"],
    ],
    [
      "what a module has",
      resource("azurerm_dns_zone", "/y", { module: "module.dns" }),
      ["module.dns.azurerm_dns_zone.x"],
    ],
  ])("is %s", (_, one, addresses) => {
    expect(listOutside(stateOf(one), [GROUP])?.map(({ address }) => address)).toEqual(addresses);
  });

  test("is hollow where it is a role of somebody who is gone", () => {
    expect(listOutside(stateOf(resource("azurerm_role_assignment", `${SHARED}/r`)), [GROUP])).toEqual([
      { address: "azurerm_role_assignment.x", hollow: true },
    ]);
  });

  test.each(["{}", "[]", "x", '{"version":3,"resources":[]}', '{"version":4}', '{"encrypted_data":"x"}'])(
    "is unknown of %s",
    (text) => {
      expect(listOutside(text, [])).toBeUndefined();
      expect(listGroupsOf(text)).toEqual([]);
    },
  );

  test("is nothing of an empty text", () => {
    expect(listOutside("", [])).toEqual([]);
  });
});

test("the groups of a state are named once each", () => {
  const state = stateOf(
    resource("azurerm_resource_group", GROUP),
    resource("azurerm_dns_zone", `${GROUP.replace("resourceGroups", "resourcegroups")}/z`),
    resource("azurerm_role_assignment", `${SHARED}/providers/r`),
  );
  expect(listGroupsOf(state).map(({ name }) => name)).toEqual(["shop-pr-12", "shop-pr-120"]);
});
