import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createGitRepository } from "../../scripts/demo/git-repository.ts";
import { FIRST, MISTAKE, WITH_MISTAKE, WITHOUT_MISTAKE } from "../../scripts/demo/shop-sources.ts";

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "mayfly-git-")), "shop");
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true }));

describe("the shop's repository", () => {
  test("is checked out as GitHub does for a pull request: merged into what main is now", () => {
    const repository = createGitRepository(folder);
    const first = repository.commit("One", { "a/one": "1" });
    repository.go("branch");
    const head = repository.commit("Two", { two: "2" });
    repository.go("main");
    expect(existsSync(join(folder, "two"))).toBe(false);
    repository.commit("Three", { three: "3" });
    const merge = repository.merge("branch");
    expect(new Set([first, head, merge]).size).toBe(3);
    for (const path of ["a/one", "two", "three"]) expect(existsSync(join(folder, path))).toBe(true);
    expect(repository.go("branch")).toBe(head);
    expect(existsSync(join(folder, "three"))).toBe(false);
    repository.commit("Mended", { two: "4" });
    repository.merge("branch");
    expect(readFileSync(join(folder, "two"), "utf8")).toBe("4");
  });

  test("has the mistake on the line that the act looks for, and the next push mends that line alone", () => {
    const lines = [FIRST, WITH_MISTAKE, WITHOUT_MISTAKE].map((files) => (files[MISTAKE.file] ?? "").split("\n"));
    const [first = [], wrong = [], mended = []] = lines;
    const at = Number(MISTAKE.line) - 1;
    expect(wrong.toSpliced(at, 1)).toEqual(first);
    expect(mended.toSpliced(at, 1)).toEqual(first);
    expect(wrong[at]).not.toBe(mended[at]);
  });
});
