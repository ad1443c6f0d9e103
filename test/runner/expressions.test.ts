// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of GitHub, not of JavaScript
import { describe, expect, test } from "@jest/globals";
import { evaluate, evaluateTree, fromData, holds, interpolate } from "./expressions.ts";

const status = { success: true, failure: false, cancelled: false };
const failed = { success: false, failure: true, cancelled: false };

describe("a template", () => {
  test.each([
    ["plain", "plain"],
    ["a ${{ github.ref }} b", "a refs/heads/main b"],
    ["${{ github.nothing }}", ""],
    ["${{ github.number }}-${{ github.flag }}", "3-true"],
    ["${{ '}} x' }}", "}} x"],
    ["${{ 'it''s' }}", "it's"],
    ["${{ toJSON(github.list) }}", '[\n  "a"\n]'],
  ])("%s becomes %j", (template, text) => {
    const github = { ref: "refs/heads/main", number: 3, flag: true, list: ["a"] };
    expect(interpolate(template, { github })).toBe(text);
  });

  test("keeps the type of its one expression", () => {
    expect(evaluateTree({ a: ["${{ fromJSON('[1,2]') }}", "x${{ 1 }}"] }, {})).toEqual({ a: [[1, 2], "x1"] });
  });

  test("that is not closed is refused", () => {
    expect(() => interpolate("${{ github.ref", { github: {} })).toThrow("not closed");
  });
});

describe("an expression", () => {
  test("may name only the contexts of its place", () => {
    expect(() => evaluate("env.HOME", { github: {} })).toThrow("Unrecognized named-value: 'env'");
  });

  test("has status functions only where a condition is asked", () => {
    expect(() => evaluate("success()", {})).toThrow("Unrecognized function: 'success'");
    expect(fromData(evaluate("success()", {}, status))).toBe(true);
  });

  test("refuses hashFiles by name", () => {
    expect(() => evaluate("hashFiles('**')", {})).toThrow("hashFiles() is not supported");
  });
});

describe("a condition", () => {
  test.each([
    ["", true, false],
    ["always()", true, true],
    ["github.yes", true, false],
    ["${{ github.yes }}", true, false],
    ["failure() && github.yes", false, true],
    ["ALWAYS()", true, true],
    ["github.name == 'success'", false, false],
    ["!cancelled()", true, true],
    ["github.empty", false, false],
    ["${{ github.empty }} && true", true, false],
  ])("%j holds after success: %s, after failure: %s", (condition, afterSuccess, afterFailure) => {
    const contexts = { github: { yes: true, name: "x", empty: "" } };
    expect([holds(condition, contexts, status), holds(condition, contexts, failed)]).toEqual([
      afterSuccess,
      afterFailure,
    ]);
  });
});
