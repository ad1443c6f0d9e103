import { expect, test } from "@jest/globals";
import { listNearNames } from "../../src/spelling/near-names.ts";

test.each([
  ["mayfly", ["mayfly-prod", "other"], ["mayfly-prod"]],
  ["octoregistry", ["octoregistri", "zzzzzzzz"], ["octoregistri"]],
  ["abc", ["xyz"], []],
] as const)("near %s are those of %j that somebody may have meant", (wanted, names, near) => {
  expect(listNearNames(wanted, names)).toEqual(near);
});
