import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { connectFiles } from "../../../src/actions/helm-deploy/connect-files.ts";
import type { Files } from "../../../src/actions/helm-deploy/world.ts";

let temp: string;
let files: Files;
beforeEach(() => {
  temp = mkdtempSync(join(tmpdir(), "mayfly-files-"));
  files = connectFiles("/home/runner/shop", temp, temp);
});
afterEach(() => rmSync(temp, { recursive: true, force: true }));

const modeOf = (path: string): number => statSync(path).mode & 0o777;

test("what is secret is for this user alone, in the folder that goes with the step", async () => {
  const path = await files.writeSecret("values-shop.yaml", "sesame");

  expect([dirname(path), modeOf(path), readFileSync(path, "utf8")]).toEqual([temp, 0o600, "sesame"]);
});

test("reports are for this user alone, and in one folder beside it", async () => {
  const plan = await files.writeReport("plan.json", "{}");
  const states = await files.writeReport("shop/states.txt", "…");

  expect([modeOf(plan), modeOf(states), modeOf(dirname(states))]).toEqual([0o600, 0o600, 0o700]);
  expect(dirname(dirname(states))).toBe(dirname(plan));
  expect(basename(dirname(plan))).toMatch(/^mayfly-helm-report-/);
});

test("paths are the workspace's where they are relative", () => {
  expect([files.resolve("a/b.yaml"), files.resolve("/c.yaml")]).toEqual(["/home/runner/shop/a/b.yaml", "/c.yaml"]);
});

test("what is not there is no error, also below what is a file", async () => {
  writeFileSync(join(temp, "a"), "");

  for (const path of [join(temp, "none"), join(temp, "a/b")]) {
    expect([await files.kindOf(path), await files.read(path), await files.list(path)]).toEqual([
      undefined,
      undefined,
      [],
    ]);
  }
  expect([await files.kindOf(temp), await files.kindOf(join(temp, "a"))]).toEqual(["folder", "file"]);
});
