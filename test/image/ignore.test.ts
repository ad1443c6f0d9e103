import { readFileSync } from "node:fs";
import dockerignore from "@balena/dockerignore";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { keepFiles, listIgnoreFiles, NO_IGNORE_RULES, parseIgnoreRules } from "../../src/image/ignore.ts";
import { messageOf, readValue } from "./parsed.ts";

interface Row {
  readonly file: string;
  readonly ignored?: readonly string[];
  readonly refused?: true;
}

/**
 * What moby's own code (github.com/moby/patternmatcher v0.6.0: ignorefile.ReadAll, then MatchesUsingParentResults from the
 * top down, as BuildKit walks) said of each file and path, on Linux.
 */
const { paths, files }: { paths: readonly string[]; files: readonly Row[] } = JSON.parse(
  readFileSync(new URL("fixtures/dockerignore.json", import.meta.url), "utf8"),
);

describe("a .dockerignore", () => {
  test.each(files.filter(({ refused }) => !refused))("ignores what Docker ignores: $file", ({ file, ignored }) => {
    const rules = readValue(parseIgnoreRules(file));
    expect(paths.filter((path) => rules.ignores(path))).toEqual(ignored);
  });

  test.each(files.filter(({ refused }) => refused))("that Docker refuses is refused: $file", ({ file }) => {
    expect(messageOf(parseIgnoreRules(file), "dockerignore-invalid")).toContain(".dockerignore");
  });

  test("says all its mistakes at once", () => {
    const parsed = parseIgnoreRules("[\nok\n!\n\\q");
    expect("problems" in parsed && parsed.problems).toHaveLength(3);
  });

  test("with half an escape or half a class anywhere is refused, where Docker looks only as far as it must", () => {
    for (const file of ["x*\\", ".md*[a-foo"]) {
      expect(messageOf(parseIgnoreRules(file), "dockerignore-invalid")).toContain("Docker refuses");
    }
  });

  test("is not what the library alone makes of it", () => {
    const alone = (file: string, path: string): boolean =>
      dockerignore.default({ ignorecase: false }).add(file).ignores(path);
    const ours = (file: string, path: string): boolean => readValue(parseIgnoreRules(file)).ignores(path);
    for (const [file, path] of [
      ["**foo", "barfoo"],
      ["a+b.txt", "aab.txt"],
      ["a**/x", "a/b/x/file"],
      ["(x)", "(x)"],
      ["^x", "^x"],
    ] as const) {
      expect(alone(file, path)).not.toBe(ours(file, path));
    }
    expect(() => alone("c++", "c++")).toThrow("Nothing to repeat");
    expect(ours("c++", "c++")).toBe(true);
  });

  test("never prunes a folder below which a line takes something in again", () => {
    const part = fc.constantFrom("a", "b", "c", "*", "**", "?", "a*", "[ab]", "**a");
    const pattern = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
    const lines = fc.array(
      fc.tuple(fc.constantFrom("", "!"), pattern).map((pair) => pair.join("")),
      { maxLength: 4 },
    );
    const path = fc.array(fc.constantFrom("a", "b", "c", "ab"), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(lines, path, (file, parts) => {
        const rules = readValue(parseIgnoreRules(file.join("\n")));
        const whole = parts.join("/");
        for (let depth = 1; depth < parts.length; depth += 1) {
          const folder = parts.slice(0, depth).join("/");
          if (rules.ignores(folder) && rules.prunes(folder)) expect(rules.ignores(whole)).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    ["node_modules", "node_modules", true],
    ["node_modules\n!src/keep", "node_modules", true],
    ["node_modules\n!*.md", "node_modules", true],
    ["node_modules\n!**/*.md", "node_modules", false],
    ["*\n!src", "node_modules", true],
    ["*\n!src/app", "src", false],
    ["**\n!**/*.ts", "node_modules", false],
    ["docs\n!docs/[ab]", "docs", false],
  ])("%j: the folder %s is skipped: %s", (file, folder, skipped) => {
    expect(readValue(parseIgnoreRules(file)).prunes(folder)).toBe(skipped);
  });

  test("is looked for beside the Dockerfile first", () => {
    expect(listIgnoreFiles("/job/docker/api.Dockerfile", "/job/app/")).toEqual([
      "/job/docker/api.Dockerfile.dockerignore",
      "/job/app/.dockerignore",
    ]);
    expect(listIgnoreFiles("/Dockerfile", "/")).toEqual(["/Dockerfile.dockerignore", "/.dockerignore"]);
  });

  test("may leave out the Dockerfile, which a builder that gets only the context must have", () => {
    const rules = readValue(parseIgnoreRules("*"));
    expect(rules.ignores("docker/Dockerfile")).toBe(true);
    const kept = keepFiles(rules, ["docker/Dockerfile"]);
    expect(kept.ignores("docker/Dockerfile")).toBe(false);
    expect(kept.ignores("docker/other")).toBe(true);
    expect([kept.prunes("docker"), kept.prunes("src")]).toEqual([false, true]);
    expect(NO_IGNORE_RULES.ignores("a")).toBe(false);
  });

  test("stays quick and small over many files", () => {
    const rules = readValue(parseIgnoreRules(["**/*.log", "node_modules", "!keep/**", "dist/", "**/test"].join("\n")));
    let ignored = 0;
    for (let index = 0; index < 25_000; index += 1)
      if (rules.ignores(`src/${index % 300}/file-${index}.log`)) ignored += 1;
    expect(ignored).toBe(25_000);
  });
});
