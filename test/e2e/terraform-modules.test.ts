import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { createAzurermMirror } from "../terraform/azurerm-mirror.ts";
import { needTerraform } from "../terraform/need-terraform.ts";
import { type RunningAzurerm, startAzurerm } from "../terraform/running-azurerm.ts";
import { listTerraformFolders, readTerraformFiles } from "../terraform/terraform-files.ts";

jest.setTimeout(120_000);

const folders = listTerraformFolders();
let home: string;
let environment: NodeJS.ProcessEnv;
let azurerm: RunningAzurerm;

// A copy: nothing that init leaves behind lands among the sources, and nothing that lies there takes part.
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "mayfly-modules-"));
  for (const [name, content] of Object.entries(readTerraformFiles())) {
    await mkdir(dirname(join(home, name)), { recursive: true });
    await writeFile(join(home, name), content);
  }
  const { env } = await createAzurermMirror(join(home, "mirror"));
  azurerm = await startAzurerm();
  environment = { PATH: "/usr/bin:/bin", HOME: home, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1", ...env };
});
afterAll(async () => {
  await azurerm[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

async function terraform(
  ...words: readonly string[]
): Promise<{ readonly code: number | null; readonly said: string }> {
  // What is installed by init is the real one, in a version that the module takes.
  const env = words.includes("init") ? environment : { ...environment, ...azurerm.env };
  const child = spawn(needTerraform(), [...words], { cwd: home, env });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((ended, failed) => child.on("close", ended).on("error", failed)),
  ]);
  return { code, said: stdout + stderr };
}

test("modules, stacks and tfvars stand as terraform itself would write them", async () => {
  expect(folders.length).toBeGreaterThanOrEqual(11);
  expect(await terraform("fmt", "-check", "-diff", "-recursive")).toEqual({ code: 0, said: "" });
});

describe.each(folders)("%s", (folder) => {
  beforeAll(async () => {
    const { code, said } = await terraform(`-chdir=${folder}`, "init", "-backend=false", "-no-color");
    if (code !== 0) throw new Error(said);
  });

  test("is valid, and terraform warns of nothing", async () => {
    const { said } = await terraform(`-chdir=${folder}`, "validate", "-json");
    expect(JSON.parse(said)).toMatchObject({ valid: true, diagnostics: [] });
  });

  test("does what its own tests say", async () => {
    const { code, said } = await terraform(`-chdir=${folder}`, "test", "-no-color");
    expect(code === 0 ? "" : said).toBe("");
    const [, passed] = /Success! (\d+) passed, 0 failed\.\s*$/.exec(said) ?? [];
    expect(Number(passed)).toBeGreaterThan(1);
  });
});
