import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { nameImages } from "../../../src/actions/acr-import/image-names.ts";
import { parseImages } from "../../../src/actions/acr-import/parse-images.ts";
import { IMAGE_NAME } from "../../../src/image/image-entry.ts";

const namesOf = (...targets: readonly string[]): readonly string[] => {
  const { images, problems } = parseImages(targets.map((target) => `ghcr.io/org/app:1 => ${target}`));
  expect(problems).toEqual([]);
  return [...nameImages(images).values()];
};

test.each([
  [["team/app:1"], ["app"]],
  [
    ["team/app:1", "team/worker:1"],
    ["app", "worker"],
  ],
  [
    ["a/app:1", "b/app:1"],
    ["a-app", "b-app"],
  ],
  [
    ["team/app:1", "team/app:1.2"],
    ["team-app-1", "team-app-1-2"],
  ],
  [["team/app.v2:1"], ["app-v2"]],
  [
    ["team/a.b:1", "team/a-b:1"],
    ["team-a-b-1", "team-a-b-1-2"],
  ],
])("%j are called %j", (targets, names) => {
  expect(namesOf(...targets)).toEqual(names);
});

test("every image has a name of its own, in the form that a deploy takes", () => {
  const part = fc.stringMatching(/^[a-c]([._-]?[a-c])?$/);
  // A first part with a dot would be a registry.
  const first = fc.stringMatching(/^[a-c]([_-]?[a-c])?$/);
  const target = fc.tuple(first, part, fc.constantFrom("1", "1.2", "1-2")).map(([a, b, tag]) => `${a}/${b}:${tag}`);
  fc.assert(
    fc.property(fc.uniqueArray(target, { maxLength: 12 }), (targets) => {
      const names = namesOf(...targets);
      expect(names.length).toBe(targets.length);
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(name).toMatch(IMAGE_NAME);
    }),
  );
});
