import { describe, expect, test } from "@jest/globals";
import { listImports } from "./imports.ts";
import { listSources, readSource } from "./repository.ts";
import { checkLayer, checkWorldly } from "./rules/layers.ts";

const sources = listSources([".ts"]).filter((path) => path.startsWith("src/"));

describe("each source", () => {
  test("imports what its layer may, and nothing else", () => {
    expect(sources.length).toBeGreaterThan(15);
    expect(sources.flatMap((path) => checkLayer(path, readSource(path)))).toEqual([]);
  });

  test("that decides has no clock, no chance and no process of its own", () => {
    expect(sources.flatMap((path) => checkWorldly(path, readSource(path)))).toEqual([]);
  });
});

const forbidden = [
  ["src/kit/a.ts", 'import { b } from "../azure/b.ts";', "src/kit may not import src/azure/b.ts"],
  ["src/kit/a.ts", 'import type { B } from "../ttl/b.ts";', "src/kit may not import types of src/ttl/b.ts"],
  ["src/kit/a.ts", 'import { x } from "@azure/identity";', "src/kit may not import @azure/identity"],
  ["src/kit/a.ts", 'import { x } from "@actions/github";', "src/kit may not import @actions/github"],
  ["src/azure/a.ts", 'import * as core from "@actions/core";', "src/azure may not import @actions/core"],
  ["src/azure/a.ts", 'import { b } from "../github/b.ts";', "src/azure may not import src/github/b.ts"],
  ["src/azure/a.ts", 'import { b } from "../actions/x/run.ts";', "src/azure may not import src/actions/x/run.ts"],
  ["src/github/a.ts", 'export { b } from "@azure/core-auth";', "src/github may not import @azure/core-auth"],
  ["src/ttl/a.ts", 'import { plain } from "../kit/markdown.ts";', "a domain may not import src/kit/markdown.ts"],
  ["src/ttl/a.ts", 'import { b } from "../oidc/b.ts";', "a domain may not import src/oidc/b.ts"],
  ["src/ttl/a.ts", 'import { readFile } from "node:fs/promises";', "a domain may not import node:fs/promises"],
  [
    "src/ttl/a.ts",
    'import type { TokenCredential } from "@azure/core-auth";',
    "a domain may not import types of @azure/core-auth",
  ],
  [
    "src/actions/x/run.ts",
    'import { b } from "../../azure/b.ts";',
    "the logic of actions may not import src/azure/b.ts",
  ],
  [
    "src/actions/x/run.ts",
    'const b = await import("../../azure/b.ts");',
    "the logic of actions may not import src/azure/b.ts",
  ],
  ["src/actions/x/run.ts", 'import "@actions/core";', "the logic of actions may not import @actions/core"],
  [
    "src/actions/x/index.ts",
    'import { x } from "@azure/identity";',
    "the connecting files of actions may not import @azure/identity",
  ],
  [
    "src/actions/x/index.ts",
    'import { x } from "../../../test/x.ts";',
    "the connecting files of actions may not import test/x.ts",
  ],
  ["src/all.ts", 'import { start } from "./kit/start.ts";', "src/all.ts may not import src/kit/start.ts"],
] as const;

test.each(forbidden)("in %s, %s is found", (path, text, rule) => {
  expect(checkLayer(path, `// a line\n${text}\n`)).toEqual([`${path}:2: ${rule}`]);
});

const allowed = [
  ["src/kit/a.ts", 'import * as core from "@actions/core";\nimport { b } from "./b.ts";\nimport { x } from "node:fs";'],
  ["src/azure/a.ts", 'import { x } from "@azure/identity";\nimport { UserError } from "../kit/user-error.ts";'],
  ["src/azure/a.ts", 'import { parse } from "../oidc/claims.ts";\nimport type { Run } from "../actions/x/run.ts";'],
  [
    "src/ttl/a.ts",
    'import { b } from "./b.ts";\nimport type { Log } from "../kit/runner.ts";\nimport { x } from "node:crypto";',
  ],
  ["src/actions/x/run.ts", 'import type { B } from "../../azure/b.ts";\nimport { c } from "../../ttl/c.ts";'],
  ["src/actions/x/connect.ts", 'import { b } from "../../azure/b.ts";'],
  ["src/all.ts", 'const x = () => import("./actions/x/index.ts");'],
] as const;

test.each(allowed)("in %s, %j is fine", (path, text) => {
  expect(checkLayer(path, text)).toEqual([]);
});

test("a source outside of every layer is found", () => {
  expect(checkLayer("src/odd.ts", "")).toEqual(["src/odd.ts:1: belongs to no layer of src (architecture.md, Folders)"]);
});

test("imports are found over several lines, and words in texts are not imports", () => {
  const text =
    'import {\n  a,\n  type B,\n} from "./b.ts";\n\nexport * from "./c.ts";\nconst said = \'import x from "d"\';\n';
  expect(listImports("src/kit/a.ts", text)).toEqual([
    { line: 1, target: "src/kit/b.ts", typesOnly: false },
    { line: 6, target: "src/kit/c.ts", typesOnly: false },
  ]);
});

test.each([
  ["src/ttl/a.ts", "const now = Date.now();", "Date.now("],
  ["src/ttl/a.ts", "const now = new Date();", "new Date()"],
  ["src/actions/x/run.ts", "await new Promise((r) => setTimeout(r, 1));", "setTimeout("],
  ["src/actions/x/run.ts", 'const id = process.env["ID"];', "process."],
])("in %s, %j is found", (path, text, found) => {
  expect(checkWorldly(path, `\n${text}`)).toEqual([`${path}:2: ${found} comes in through the world`]);
});

test.each([
  ["src/ttl/a.ts", "const at = new Date(text);"],
  ["src/ttl/a.ts", "// never Date.now()"],
  ["src/actions/x/connect.ts", "now: () => new Date(),"],
  ["src/azure/a.ts", "const at = Date.now();"],
])("in %s, %j is fine", (path, text) => {
  expect(checkWorldly(path, text)).toEqual([]);
});
