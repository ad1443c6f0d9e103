import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { clockTools, sumSpans } from "./tool-clock.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mayfly-clock-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a program does what it does, and leaves from when to when it was at work", async () => {
  const clock = await clockTools(folder, { sh: "/bin/sh" });
  const before = Date.now();
  const script = 'echo "$1 $2"; sleep 0.2; exit 3';
  const ended = promisify(execFile)(join(clock.folder, "sh"), ["-c", script, "sh", "a b", "$c"]);
  await expect(ended).rejects.toMatchObject({ code: 3, stdout: "a b $c\n" });
  const [[from = 0, to = 0] = [], ...others] = await clock.spans();
  expect(others).toEqual([]);
  expect(from).toBeGreaterThanOrEqual(before - 1);
  expect(to - from).toBeGreaterThanOrEqual(200);
  expect(to).toBeLessThanOrEqual(Date.now() + 1);
});

test.each<[readonly (readonly [number, number])[], number]>([
  [[], 0],
  [[[10, 30]], 20],
  [
    [
      [10, 30],
      [40, 50],
    ],
    30,
  ],
  [
    [
      [20, 40],
      [10, 30],
    ],
    30,
  ],
  [
    [
      [10, 50],
      [20, 30],
    ],
    40,
  ],
])("spans %j are %d long in all", (spans, sum) => {
  expect(sumSpans(spans)).toBe(sum);
});
