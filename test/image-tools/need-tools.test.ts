import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { needTools } from "./need-tools.ts";

test("names every missing tool, and the command that gets them", () => {
  const empty = mkdtempSync(join(tmpdir(), "mayfly-no-tools-"));
  const { MAYFLY_CACHE: before } = process.env;
  process.env["MAYFLY_CACHE"] = empty;
  try {
    expect(() => needTools("registry", "buildkit")).toThrow(
      "This test runs real tools, and these are not here: registry, buildkit. Get them with:\n  npm run tools registry buildkit",
    );
  } finally {
    if (before === undefined) delete process.env["MAYFLY_CACHE"];
    else process.env["MAYFLY_CACHE"] = before;
    rmSync(empty, { recursive: true });
  }
});
