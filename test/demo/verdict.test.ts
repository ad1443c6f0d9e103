import { expect, test } from "@jest/globals";
import type { Act, Played } from "../../scripts/demo/act.ts";
import { decideVerdict } from "../../scripts/demo/verdict.ts";
import { makeScene } from "./make-scene.ts";

const act: Act = { name: "One", story: "", needs: [], run: () => Promise.reject(new Error("not played here")) };
const good: Played = { act, scene: makeScene([]) };
const bad: Played = { act, scene: { ...makeScene([]), faults: ["x"] } };
const broke: Played = { act, broke: "x" };
const omitted: Played = { act };

test.each([
  ["all acts went as told", [good, good], { seen: 2, broken: 0, omitted: 0, anywhere: true, ci: true }],
  ["one went otherwise", [good, bad], { seen: 2, broken: 1, omitted: 0, anywhere: false, ci: false }],
  ["one broke off", [broke, good], { seen: 2, broken: 1, omitted: 0, anywhere: false, ci: false }],
  ["one was left out", [good, omitted], { seen: 1, broken: 0, omitted: 1, anywhere: true, ci: false }],
  ["nothing was to be seen", [omitted], { seen: 0, broken: 0, omitted: 1, anywhere: false, ci: false }],
])("a demo of which %s is good anywhere only if it hides nothing, and in CI only if it is whole", (_, played, told) => {
  const { anywhere, ci, ...counts } = told;
  expect(decideVerdict(played, false)).toEqual({ ...counts, good: anywhere });
  expect(decideVerdict(played, true)).toEqual({ ...counts, good: ci });
});
