import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { compareFolders } from "../../scripts/build/compare.ts";
import { renderStub } from "../../scripts/build/stub.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "build-"));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

const built = { "all/index.js": "one\ntwo\n", "all/xdg-open": "#!/bin/sh\n", "package.json": "{}\n" };

describe("a committed dist", () => {
  test("is the same when every byte is", () => {
    expect(compareFolders(folderOf(built), folderOf(built))).toEqual([]);
  });

  test("differs by a file that is missing, and by one that is no longer built", () => {
    const { "package.json": _, ...less } = built;
    expect(compareFolders(folderOf(less), folderOf(built))).toEqual(["package.json: is missing"]);
    expect(compareFolders(folderOf(built), folderOf(less))).toEqual(["package.json: is no longer built"]);
  });

  test("differs by a byte, and the line is named", () => {
    const edited = folderOf({ ...built, "all/index.js": "one\ntwO\n" });
    expect(compareFolders(edited, folderOf(built))).toEqual([
      'all/index.js: 8 bytes, built: 8; from line 2 on: "O\\n", built: "o\\n"',
    ]);
  });

  test("differs by a line at the end", () => {
    const longer = folderOf({ ...built, "all/index.js": "one\ntwo\nthree\n" });
    expect(compareFolders(longer, folderOf(built))).toEqual([
      'all/index.js: 14 bytes, built: 8; from line 3 on: "three\\n", built: ""',
    ]);
    expect(compareFolders(folderOf(built), longer)).toHaveLength(1);
  });

  test("differs by the right to be executed", () => {
    const executable = folderOf(built);
    chmodSync(join(executable, "all/xdg-open"), 0o755);
    expect(compareFolders(folderOf(built), executable)).toEqual(["all/xdg-open: executable: false, built: true"]);
  });
});

test("a stub loads the one stage it stands for", () => {
  expect(renderStub("ttl-reaper", "index")).toBe(
    'import { load } from "../all/index.js";\nawait load("ttl-reaper");\n',
  );
  expect(renderStub("azure-login", "post")).toContain('load("azure-login-post")');
  expect(renderStub("terraform", "background")).toContain('load("terraform-background")');
});
