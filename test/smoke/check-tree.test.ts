import { expect, test } from "@jest/globals";
import { checkTree } from "../../src/smoke/check-tree.ts";

test("finds everything that is wrong in a tree, each at its place", () => {
  expect(
    checkTree({
      spec: { replicas: { ">=": "two" }, "(length(": 1 },
      status: { list: [{ "(nope(@))": true }], "(a)": { "==": 1, other: 2 } },
    }),
  ).toEqual([
    { path: ["spec", "replicas"], message: "expected predicates such as {'>=': 2}, and no other keys beside them" },
    {
      path: ["spec", "(length("],
      message: "(length( is no expression (JMESPath): an opening parenthesis without its closing one",
    },
    {
      path: ["status", "list", 0, "(nope(@))"],
      message: "(nope(@)) is no expression (JMESPath): there is no function nope()",
    },
    { path: ["status", "(a)"], message: "expected predicates such as {'>=': 2}, and no other keys beside them" },
  ]);
});

test("a tree that asks for nothing is refused", () => {
  expect(checkTree({})).toEqual([{ path: [], message: "an empty mapping asks for nothing" }]);
});

test("takes a tree that makes sense", () => {
  expect(
    checkTree({
      spec: { template: {}, replicas: { ">=": 1 }, rules: [{ matches: [{ path: "/" }] }] },
      "(status.a)": null,
    }),
  ).toEqual([]);
});
