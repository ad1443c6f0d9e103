import { expect, test } from "@jest/globals";
import { checkJsonPath, queryJson } from "../../src/smoke/json-path.ts";

const ANSWER = {
  id: 7,
  items: [
    { name: "a", price: 1 },
    { name: "b", price: 20 },
  ],
  nothing: null,
};

test.each([
  ["$.id", [7]],
  ["$.items[*].name", ["a", "b"]],
  ["$.items[?@.price > 10].name", ["b"]],
  ["$.items[?match(@.name, '[a-c]')].price", [1, 20]],
  ["$.nothing", [null]],
  ["$.gone", []],
  ["$", [ANSWER]],
])("%s finds %j", (path, values) => {
  expect(checkJsonPath(path)).toBeUndefined();
  expect(queryJson(path, ANSWER)).toEqual(values);
});

test.each(["", "id", "$.", "$.items[?nope(@.a)]", "$[", "$.items[?@.price == ]"])("%j is no path", (path) => {
  expect(checkJsonPath(path)).toMatch(/\w/);
  expect(() => queryJson(path, ANSWER)).toThrow();
});

test("a text and no document has nothing in it", () => {
  expect(queryJson("$.id", "plain")).toEqual([]);
  expect(queryJson("$.id", undefined)).toEqual([]);
});

test("a filter without an end is an error, and not the job's", () => {
  expect(() => queryJson("$[?search(@, '(a+)+b')]", [`${"a".repeat(50)}c`])).toThrow("takes longer than 2 seconds");
});
