import { describe, expect, test } from "@jest/globals";
import type { Act, Inventory, Played } from "../../scripts/demo/act.ts";
import { listImages } from "../../scripts/demo/shop.ts";
import { renderInventoryLines } from "../../scripts/demo/terminal-inventory.ts";
import { makeScene } from "./make-scene.ts";

const act: Act = { name: "One", story: "", needs: [], run: () => Promise.reject(new Error("not played here")) };
const played = (title: string, before: readonly Inventory[], after: readonly Inventory[]): Played => ({
  act,
  scene: { ...makeScene([]), part: { title, noun: "thing" }, before, after },
});

describe("what is left in the end", () => {
  test("is told for each part from its first act to its last, with what is new and what came and went", () => {
    const [one, two, three] = ["1", "2", "3"].map((name) => ({ name, note: `x · ${name}` }));
    if (one === undefined || two === undefined || three === undefined) throw new Error("there are three");
    const lines = renderInventoryLines(
      [
        played("Group", [two, one], [two, one]),
        { act },
        played("Tag", [one], [one, two, three]),
        played("Group", [two, one], [{ ...one, note: "x · 9" }]),
        played("Tag", [one, two, three], [one, two]),
      ],
      80,
    );
    expect(lines).toEqual([
      ...["", "Group  Before  After", "2      x · 2   gone", "1      x · 1   9"],
      ...["", "Tag  Before  After", "1    x · 1   as before", "2    –       x · 2"],
    ]);
  });

  test("says so of a part where all that came has gone again", () => {
    const one = { name: "1", note: "x" };
    const lines = renderInventoryLines([played("Preview", [], [one]), played("Preview", [one], [])], 80);
    expect(lines).toEqual(["", "Preview  Before  After", "none     –       –"]);
  });

  test("is none where no act was played", () => {
    expect(renderInventoryLines([{ act }], 80)).toEqual([]);
  });
});

test("a registry is told as repositories, and below each its tags with short digests", () => {
  const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
  const contents = {
    "shop/web": { tags: { "pr-71": digest, "pr-7": digest }, manifests: { [digest]: "x", other: "x" } },
    "shop/api": { tags: {}, manifests: { [digest]: "x" } },
  };
  expect(listImages(contents)).toEqual([
    { name: "shop/api", note: "1 manifest", holder: true },
    { name: "shop/web", note: "2 manifests", holder: true },
    { name: "shop/web:pr-7", note: "0123456789ab" },
    { name: "shop/web:pr-71", note: "0123456789ab" },
  ]);
});
