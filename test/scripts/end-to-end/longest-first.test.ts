import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const FOLDER = join(import.meta.dirname, "../../e2e");
const LongestFirst = createRequire(import.meta.url)(join(FOLDER, "longest-first.cjs"));
const names: readonly string[] = LongestFirst.LONGEST;

test("the list of the longest tests names files that are there", () => {
  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => !existsSync(join(FOLDER, `${name}.test.ts`)))).toEqual([]);
});

test("they come first, in the order of the list", () => {
  const context = { config: { id: "x", cacheDirectory: "/nowhere", haste: {} }, hasteFS: { getSize: () => 1 } };
  const tests = ["nobody", ...names.toReversed(), "somebody"].map((name) => ({
    path: join(FOLDER, `${name}.test.ts`),
    context,
    duration: 1,
  }));
  const sorted: readonly { readonly path: string }[] = new LongestFirst({ globalConfig: {} }).sort(tests);
  expect(sorted.slice(0, names.length)).toEqual(
    names.map((name) => expect.objectContaining({ path: join(FOLDER, `${name}.test.ts`) })),
  );
});
