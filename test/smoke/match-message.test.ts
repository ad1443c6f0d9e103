import { expect, test } from "@jest/globals";
import { matchMessage, tellMessageMatcher } from "../../src/smoke/match-message.ts";

test.each([
  ["nothing is asked of it", {}, "whatever", true],
  ["its text", { data: "ok" }, "ok", true],
  ["its text by a predicate", { data: { contains: "task" } }, "a task is done", true],
  ["another text", { data: "ok" }, "OK", false],
  ["a value in it", { jsonpath: { "$.id": 7 } }, '{"id":7}', true],
  ["the first of several values", { jsonpath: { "$[*].id": 1 } }, '[{"id":1},{"id":2}]', true],
  ["one of its values differs", { jsonpath: { "$.id": 7, "$.ok": true } }, '{"id":7,"ok":false}', false],
  ["a value that is not there", { jsonpath: { "$.error": { exists: false } } }, '{"result":1}', true],
  ["its text and a value", { data: { startsWith: "{" }, jsonpath: { "$.id": 8 } }, '{"id":7}', false],
  ["no JSON has no values", { jsonpath: { "$.id": 7 } }, "id 7", false],
  ["nor values that must not be there, which it could have", { jsonpath: { $: { exists: true } } }, "id 7", false],
])("a message is compared by what is asked: %s", (_, matcher, text, fits) => {
  expect(matchMessage(matcher, text)).toBe(fits);
});

test("what is asked of it is told on a line", () => {
  expect(tellMessageMatcher({})).toBe("");
  expect(tellMessageMatcher({ data: { contains: "ok" }, jsonpath: { "$.id": 7 } })).toBe(
    'data contains "ok" and $.id 7',
  );
});
