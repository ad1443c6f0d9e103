import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { connectSpecFiles } from "../../../src/actions/smoke/connect-spec-files.ts";

let workspace = "";

beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), "mayfly-specs-"));
  await mkdir(join(workspace, "smoke/deep/folder.yaml"), { recursive: true });
  for (const path of ["smoke/b.yaml", "smoke/a.yaml", "smoke/deep/c.yml", "smoke/[a].yaml"]) {
    await writeFile(join(workspace, path), path);
  }
  await symlink(join(workspace, "smoke/b.yaml"), join(workspace, "link.yaml"));
});

afterAll(() => rm(workspace, { recursive: true }));

describe("specs in a workspace", () => {
  test.each([
    ["smoke/a.yaml", ["smoke/a.yaml"]],
    ["./smoke/../smoke/a.yaml", ["smoke/a.yaml"]],
    ["smoke/{a,b}.yaml", ["smoke/a.yaml", "smoke/b.yaml"]],
    ["smoke/*.yaml", ["smoke/[a].yaml", "smoke/a.yaml", "smoke/b.yaml"]],
    ["smoke/**/*.{yaml,yml}", ["smoke/[a].yaml", "smoke/a.yaml", "smoke/b.yaml", "smoke/deep/c.yml"]],
    ["link.yaml", ["link.yaml"]],
  ])("are found by %s, in an order of their own", async (pattern, found) => {
    expect(await connectSpecFiles(workspace).find(pattern)).toEqual(found);
  });

  test("are found by a name that looks like a glob", async () => {
    expect(await connectSpecFiles(workspace).find("smoke/[a].yaml")).toEqual(["smoke/[a].yaml"]);
  });

  test.each(["smoke", "smoke/deep/folder.yaml", "smoke/none.yaml", "none/*.yaml", ""])(
    "are no folders, and nothing that is not there: %j",
    async (pattern) => {
      expect(await connectSpecFiles(workspace).find(pattern)).toEqual([]);
    },
  );

  test("have the name that annotations want, also by their whole path, and their own elsewhere", async () => {
    const path = join(workspace, "smoke/a.yaml");
    expect(await connectSpecFiles(workspace).find(path)).toEqual(["smoke/a.yaml"]);
    const specs = connectSpecFiles(join(workspace, "smoke/deep"));
    expect(await specs.find("../{a,b}.yaml")).toEqual([path, join(workspace, "smoke/b.yaml")]);
    expect([await specs.read(path), await specs.read("c.yml")]).toEqual(["smoke/a.yaml", "smoke/deep/c.yml"]);
  });
});
