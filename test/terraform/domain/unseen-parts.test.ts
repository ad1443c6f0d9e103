import { describe, expect, test } from "@jest/globals";
import type { Json } from "../../../src/terraform/exact-json.ts";
import { readPlan } from "../../../src/terraform/read-plan.ts";
import { readFixture, readValue } from "./parsed.ts";
import { makeChange, makePlan, type Planned } from "./planned.ts";

const RESOURCE = { address: "terraform_data.app", expressions: { input: { references: ["terraform_data.other.id"] } } };
const create: Planned = { address: "terraform_data.app", actions: ["create"], after: {}, unknown: { id: true } };

const unseenIn = (planned: Planned, root: Json, more: Readonly<Record<string, Json>> = {}): readonly string[] => {
  const text = makePlan([makeChange(planned)], { configuration: { root_module: root, ...more } });
  return readValue(readPlan(text)).unseen;
};

describe("what a plan does and does not show", () => {
  test("is a value that the configuration computes during the apply, and not one that the provider gives", () => {
    expect(unseenIn(create, { resources: [RESOURCE] })).toEqual([]);
    const later = { ...create, unknown: { id: true, input: true } };
    expect(unseenIn(later, { resources: [RESOURCE] })).toEqual(["terraform_data.app: input"]);
  });

  test.each(["create", "delete"])("are the provisioners of what it makes or takes away: %s", (action) => {
    const resource = { ...RESOURCE, provisioners: [{ type: "local-exec" }] };
    const planned = { ...create, actions: [action] };
    expect(unseenIn(planned, { resources: [resource] })).toEqual(["terraform_data.app: its provisioners"]);
    expect(unseenIn({ ...planned, actions: ["update"] }, { resources: [resource] })).toEqual([]);
  });

  test("is found in modules, whatever their keys", () => {
    const planned = {
      ...create,
      address: 'module.a["x.y]"].module.b[0].terraform_data.app["]"]',
      unknown: { input: true },
    };
    const inner = { module_calls: { b: { module: { resources: [RESOURCE] } } } };
    expect(unseenIn(planned, { module_calls: { a: { module: inner } } })).toEqual([`${planned.address}: input`]);
  });

  test("is a setting of a provider that is computed", () => {
    const providers = {
      azurerm: { expressions: { subscription_id: { references: ["var.subscription"] }, features: [{}] } },
      fixed: { expressions: { region: { constant_value: "west" } } },
    };
    expect(unseenIn(create, {}, { provider_config: providers })).toEqual(["provider azurerm: subscription_id"]);
  });

  test("is not a setting of a provider that stands there: another one is another plan", () => {
    const essenceIn = (subscription: string): string => {
      const expressions = { subscription_id: { constant_value: subscription } };
      const configuration = { provider_config: { azurerm: { expressions } } };
      return readValue(readPlan(makePlan([makeChange(create)], { configuration }))).essence;
    };
    expect(essenceIn("one")).toBe(essenceIn("one"));
    expect(essenceIn("one")).not.toBe(essenceIn("other"));
  });

  test("is nothing of what stays", () => {
    expect(readValue(readPlan(readFixture("nothing.plan.json"))).unseen).toEqual([]);
  });

  test("is told of a plan that the real terraform made", () => {
    expect(readValue(readPlan(readFixture("create.plan.json"))).unseen).toContain("terraform_data.later: input");
  });
});
