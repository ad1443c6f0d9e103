import { expect, test } from "@jest/globals";
import { applyEdits } from "./text-edits.ts";

test("edits are applied wherever they stand, and keep the number of lines", () => {
  const edits = [
    { start: 6, end: 9, text: "C" },
    { start: 0, end: 3, text: "a" },
  ];
  expect(applyEdits("one\ntwo\nthree\n", [{ start: 4, end: 7, text: "2" }])).toBe("one\n2\nthree\n");
  expect(applyEdits("one\nt\no\nx", edits).split("\n")).toHaveLength(4);
});

test("what overlaps or adds lines is refused", () => {
  expect(() =>
    applyEdits("one two", [
      { start: 0, end: 4, text: "" },
      { start: 3, end: 5, text: "" },
    ]),
  ).toThrow("overlap");
  expect(() => applyEdits("one two", [{ start: 0, end: 3, text: "1\n" }])).toThrow("adds lines");
});
