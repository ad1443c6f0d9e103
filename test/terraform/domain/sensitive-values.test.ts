import { describe, expect, test } from "@jest/globals";
import {
  listSensitiveInState,
  listSensitiveLeaves,
  listSensitiveValues,
} from "../../../src/terraform/sensitive-values.ts";
import { messageOf, readFixture, readValue } from "./parsed.ts";
import { makeChange, makePlan } from "./planned.ts";

describe("the values to mask", () => {
  test("of a plan are those of its resources, outputs and sensitive variables, leaf by leaf", () => {
    const { values } = readValue(listSensitiveValues(readFixture("create.plan.json")));
    expect(values.toSorted()).toEqual(
      ["71830945", "dflt-secret", "hunter-22-secret", "nested-deep-secret", "token-in-a-list"].toSorted(),
    );
  });

  test("of a plan are also those that it takes away", () => {
    const { values } = readValue(listSensitiveValues(readFixture("change.plan.json")));
    expect(values).toEqual(expect.arrayContaining(["hunter-22-secret", "new-secret-value"]));
  });

  test("of a state are found by its own marks", () => {
    const { values } = readValue(listSensitiveInState(readFixture("change.state.json")));
    expect(values).toEqual(["hunter-22-secret"]);
    expect(readValue(listSensitiveInState(readFixture("destroyed.state.json"))).values).toEqual([]);
  });

  test("are found in child modules and in what drifted", () => {
    const resource = { values: { key: "in-a-module" }, sensitive_values: { key: true } };
    const module = { child_modules: [{ child_modules: [{ resources: [resource] }] }] };
    const drift = makeChange({ before: { a: ["drifted-away"] }, hiddenBefore: { a: [true] } });
    const plan = makePlan([], { planned_values: { root_module: module }, resource_drift: [drift] });
    expect(readValue(listSensitiveValues(plan)).values).toEqual(["drifted-away", "in-a-module"]);
  });

  test("leave out what is too short or stands everywhere, and count it", () => {
    const leaves = {
      pin: 123,
      port: 8080,
      flag: true,
      word: "true",
      short: "abc",
      empty: "",
      none: null,
      long: "abcd",
      not: false,
    };
    expect(listSensitiveLeaves(leaves)).toEqual({ values: ["8080", "abcd"], unmaskable: 4 });
  });

  test("of a text that holds an object are its parts too, in JSON and in HCL", () => {
    expect(listSensitiveLeaves('{"a": "part one"}').values).toEqual(['{"a": "part one"}', "part one"]);
    expect(listSensitiveLeaves('{ a = "part one", b = ["part two"] }').values).toContain("part two");
  });

  test("keep the digits of long numbers", () => {
    const change = makeChange({ after: { n: 1 }, hiddenAfter: { n: true } });
    const plan = makePlan([change]).replace('"n":1', '"n":12345678901234567890');
    expect(readValue(listSensitiveValues(plan)).values).toEqual(["12345678901234567890"]);
  });

  test("cannot be found in what is no JSON", () => {
    expect(messageOf(listSensitiveValues("Error"), "plan-unreadable")).toContain("no JSON");
    expect(messageOf(listSensitiveInState("Error"), "state-unreadable")).toContain("no JSON");
  });
});
