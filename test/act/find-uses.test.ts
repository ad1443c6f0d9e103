import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { findUnmapped, listForeignUses } from "./find-uses.ts";

let root: string;
const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const workflow = (...uses: readonly string[]): string =>
  `jobs:\n  a:\n    steps:\n${uses.map((use) => `      - uses: ${use}\n`).join("")}`;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "mayfly-uses-"));
  write(
    "shop/.github/workflows/all.yml",
    `${workflow("./here", "far/away@v2")}  b:\n    uses: O/m/.github/workflows/c.yml@v1\n`,
  );
  write("shop/here/action.yml", "runs:\n  steps:\n    - uses: near/by@v1\n");
  write(
    "ours/.github/workflows/c.yml",
    workflow("O/m/actions/x@self", "O/m/actions/missing@self", "actions/checkout@abc"),
  );
  write("ours/.github/workflows/unused.yml", workflow("never/asked@v1"));
  write("ours/actions/x/action.yml", "runs:\n  steps:\n    - uses: ./elsewhere\n    - uses: docker://alpine\n");
  write("checkout/action.yml", "runs:\n  using: node24\n");
});
afterAll(() => rmSync(root, { recursive: true }));

test("everything that a workflow reaches and that no folder stands for is found, and nothing that it does not reach", () => {
  const places = new Map([
    ["O/m@v1", join(root, "ours")],
    ["O/m@self", join(root, "ours")],
    ["actions/checkout@abc", join(root, "checkout")],
  ]);
  const shop = join(root, "shop");
  const unmapped = findUnmapped(join(shop, ".github/workflows/all.yml"), shop, places);
  expect(unmapped.map((line) => line.slice(root.length + 1)).sort()).toEqual([
    "ours/.github/workflows/c.yml: O/m/actions/missing@self",
    "ours/actions/x/action.yml: ./elsewhere",
    "ours/actions/x/action.yml: docker://alpine",
    "shop/.github/workflows/all.yml: far/away@v2",
    "shop/here/action.yml: near/by@v1",
  ]);
});

test("foreign actions are listed once, with the ref by which they are named", () => {
  expect([...listForeignUses(root)].sort()).toEqual([
    "O/m@self",
    "O/m@v1",
    "actions/checkout@abc",
    "far/away@v2",
    "near/by@v1",
    "never/asked@v1",
  ]);
});
