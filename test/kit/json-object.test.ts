import { expect, test } from "@jest/globals";
import { parseJsonObject } from "../../src/kit/json-object.ts";

test.each([
  ['{"a":1}', { a: 1 }],
  ["<html>", {}],
  ["", {}],
  ["null", {}],
  ['"text"', {}],
])("of %j the fields are told, and of no object none", (text, fields) => {
  expect(parseJsonObject(text)).toEqual(fields);
});
