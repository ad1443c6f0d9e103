import { describe, expect, test } from "@jest/globals";
import { checkExpression, ExpressionFault, evaluate } from "../../src/smoke/expression.ts";

test.each([
  ["status.conditions[?type == 'Ready'].status | [0]", "True"],
  ["length(status.conditions)", 2],
  ["status.replicas", null],
  ["status.conditions[].type", ["Ready", "Active"]],
  ["length(status.conditions) > `1` && status.phase != 'Failed'", true],
])("%s is %j", (expression, value) => {
  const object = {
    status: {
      conditions: [
        { type: "Ready", status: "True" },
        { type: "Active", status: "False" },
      ],
    },
  };
  expect(checkExpression(expression)).toBeUndefined();
  expect(evaluate(expression, object)).toEqual(value);
});

describe("checkExpression", () => {
  test.each([
    ["", "Syntax error: it ends too early"],
    ["length(", "Syntax error: it ends too early"],
    ["a b", "Syntax error: unexpected token type: UnquotedIdentifier, value: b"],
    ["map(&nope(@), items)", "there is no function nope()"],
    ["items[?nope(a)]", "there is no function nope()"],
  ])("says what is wrong with %j", (expression, message) => {
    expect(checkExpression(expression)).toBe(message);
    expect(() => evaluate(expression, { items: [1] })).toThrow(ExpressionFault);
  });
});

test("a function that is given what it does not take is told with the expression", () => {
  expect(() => evaluate("sum(items)", {})).toThrow(
    "The expression sum(items) cannot be calculated: Invalid type: sum() expected argument 1",
  );
});
