import { expect, test } from "@jest/globals";
import { eachSideBySide } from "../../src/kit/side-by-side.ts";

test("works through everything in order, never more at once than the width", async () => {
  const begun: number[] = [];
  let [running, most] = [0, 0];
  await eachSideBySide([0, 1, 2, 3, 4, 5, 6], 3, async (item) => {
    begun.push(item);
    running += 1;
    most = Math.max(most, running);
    for (let turns = 0; turns <= item % 3; turns += 1) await Promise.resolve();
    running -= 1;
  });
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(most).toBe(3);
});

test("has nothing to do for an empty list", async () => {
  await eachSideBySide([], 8, () => Promise.reject(new Error("never")));
});
