import { expect, test } from "@jest/globals";
import { listReadNames } from "../../src/smoke/expression-names.ts";

test.each([
  ["a", ["a"]],
  ["a.b.c", ["a"]],
  ["a[0].b", ["a"]],
  ["a[].b", ["a"]],
  ["a[*].b | [0]", ["a"]],
  ["a[?b == c].d", ["a"]],
  ["a[?b == $.c].d", ["a", "c"]],
  ["a.*.b", ["a"]],
  ["@.a", ["a"]],
  ["$.a.b", ["a"]],
  ["join('-', [a, b.c])", ["a", "b"]],
  ["{x: a, y: b}.x", ["a", "b"]],
  ["a || b && !c", ["a", "b", "c"]],
  ["a + -b", ["a", "b"]],
  ["a ? b : c", ["a", "b", "c"]],
  ["sort_by(a, &b)", ["a"]],
  ["let $x = a in $x.b", ["a"]],
  ["a[1:2]", ["a"]],
  ["'a'", []],
  ["`1`", []],
])("%s reads %j", (expression, names) => {
  expect([...listReadNames(expression)].sort()).toEqual(names);
});
