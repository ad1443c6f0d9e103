import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const SRC = join(import.meta.dirname, "../../src");
/** Some take a third of a second to load, and no action needs them all. */
const HEAVY =
  /^import (?!type )[^;]*? from "(@azure\/(?:arm-containerregistry|storage-blob|identity|core-rest-pipeline)[^"]*)"/gm;

test.each(["azure", "registry", "kit", "docker"])("nothing in src/%s loads a large SDK before it is used", (folder) => {
  const files = readdirSync(join(SRC, folder)).filter((name) => name.endsWith(".ts"));
  expect(files.length).toBeGreaterThan(3);
  const loaded = files.flatMap((name) =>
    [...readFileSync(join(SRC, folder, name), "utf8").matchAll(HEAVY)].map(([, target]) => `${name}: ${target}`),
  );
  expect(loaded).toEqual([]);
});

test("an import that is there from the start would be seen", () => {
  expect('import { a, type B } from "@azure/storage-blob";').toMatch(new RegExp(HEAVY.source, "m"));
  expect('import type { B } from "@azure/storage-blob";').not.toMatch(new RegExp(HEAVY.source, "m"));
});
