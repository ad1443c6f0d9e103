import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { writeStub } from "./stubs.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mayfly-stubs-"));
  for (const name of ["workspace", "checkout"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "checkout/shop.txt"), "a shop");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a stub as act does: its defaults and inputs as variables, in the workspace. */
function run(repository: string, inputs: Readonly<Record<string, string>>) {
  const places = { checkout: join(folder, "checkout"), artifacts: join(folder, "artifacts") };
  const stub = writeStub(join(folder, repository), repository, places);
  const { inputs: declared } = parse(readFileSync(join(stub, "action.yml"), "utf8")) as {
    readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  };
  const given = Object.entries(declared).map(([name, { default: value }]) => [name, inputs[name] ?? value]);
  const output = join(folder, "output");
  writeFileSync(output, "");
  const workspace = join(folder, "workspace");
  const { status, stdout } = spawnSync(process.execPath, [join(stub, "main.js")], {
    cwd: workspace,
    encoding: "utf8",
    env: {
      ...Object.fromEntries(given.map(([name, value]) => [`INPUT_${`${name}`.toUpperCase()}`, value])),
      GITHUB_WORKSPACE: workspace,
      GITHUB_REPOSITORY: "octo/shop",
      GITHUB_SHA: "5f0c1b2a",
      GITHUB_REF: "refs/heads/main",
      GITHUB_OUTPUT: output,
    },
  });
  return { status, stdout, outputs: readFileSync(output, "utf8") };
}

test("stubs do what the harness's stand-ins do: what is checked out can be handed over, and comes back", () => {
  const checkout = run("actions/checkout", { repository: "octo/shop" });
  expect(checkout).toMatchObject({ status: 0, outputs: "ref=refs/heads/main\ncommit=5f0c1b2a\n" });
  expect(run("actions/upload-artifact", { name: "kept", path: "shop.txt" }).status).toBe(0);
  rmSync(join(folder, "workspace/shop.txt"));
  expect(run("actions/download-artifact", { name: "kept", path: "back" }).status).toBe(0);
  expect(readFileSync(join(folder, "workspace/back/shop.txt"), "utf8")).toBe("a shop");
});

test("a stub that fails says why, as an annotation", () => {
  const { status, stdout } = run("actions/upload-artifact", { path: "none", "if-no-files-found": "error" });
  expect(status).toBe(1);
  expect(stdout).toMatch(/^::error::No files were found/m);
});

test("nothing stands in for what the harness does not know", () => {
  const places = { checkout: folder, artifacts: folder };
  expect(() => writeStub(join(folder, "x"), "octo/unknown", places)).toThrow("Nothing stands in for octo/unknown");
});
