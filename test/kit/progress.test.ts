import { expect, test } from "@jest/globals";
import { startProgress } from "../../src/kit/progress.ts";

test("progress is said at once when it changed, after 30 s when it did not, and carries the elapsed time", () => {
  const lines: string[] = [];
  let seconds = 0;
  const progress = startProgress({ now: () => new Date(seconds * 1000), info: (line) => lines.push(line) });
  for (const [at, state] of [
    [0, "a"],
    [1, "a"],
    [2, "b"],
    [31, "b"],
    [32, "b"],
    [95, "b"],
  ] as const) {
    seconds = at;
    progress.say(state);
  }
  expect(lines).toEqual(["[0s] a", "[2s] b", "[32s] b", "[1m35s] b"]);
});
