import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { isSelected, listUnknownTags } from "../../src/smoke/select.ts";
import type { SmokeTest } from "../../src/smoke/smoke-test.ts";

test.each([
  { name: "all, when nothing is chosen", tags: [], only: [], skip: [], selected: true },
  { name: "one of the chosen", tags: ["fast", "http"], only: ["http", "dns"], skip: [], selected: true },
  { name: "not one without a chosen tag", tags: ["fast"], only: ["http"], skip: [], selected: false },
  { name: "not one without tags, when something is chosen", tags: [], only: ["http"], skip: [], selected: false },
  { name: "not what is skipped", tags: ["slow"], only: [], skip: ["slow"], selected: false },
  {
    name: "not what is skipped, though chosen",
    tags: ["http", "slow"],
    only: ["http"],
    skip: ["slow"],
    selected: false,
  },
])("takes $name", ({ tags, only, skip, selected }) => {
  expect(isSelected(tags, { only, skip })).toBe(selected);
});

test("what is skipped is never taken, and what is taken is taken without a choice", () => {
  const tags = fc.array(fc.constantFrom("a", "b", "c"));
  fc.assert(
    fc.property(tags, tags, tags, (own, only, skip) => {
      if (own.some((tag) => skip.includes(tag))) expect(isSelected(own, { only, skip })).toBe(false);
      if (isSelected(own, { only, skip })) expect(isSelected(own, { only: [], skip })).toBe(true);
    }),
  );
});

test("names the tags that no step has, each once", () => {
  const steps = [["http"], ["dns", "slow"]].map((tags) => ({
    name: "s",
    line: 1,
    tags,
    try: [],
    catch: undefined,
    finally: [],
  }));
  const specs: readonly SmokeTest[] = [{ file: "a.yaml", name: "a", namespace: "a", secrets: [], steps }];
  expect(listUnknownTags(specs, { only: ["htpp", "http"], skip: ["htpp", "slow", "dsn"] })).toEqual(["htpp", "dsn"]);
});
