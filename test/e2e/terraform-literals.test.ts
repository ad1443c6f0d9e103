import { execFile } from "node:child_process";
import { mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, jest, test } from "@jest/globals";
import fc from "fast-check";

import { renderBackendFile } from "../../src/terraform/backend-config.ts";
import { renderTfvarsJson } from "../../src/terraform/tfvars.ts";

jest.setTimeout(180_000);

/** Texts of all that terraform's language could take for something else. */
const texts = fc.sample(
  fc.string({
    unit: fc.constantFrom("$", "{", "%", "}", '"', "\\", "\n", "\r", "\t", "\b", "\f", "u", "é", "🙂", "\u2028", " "),
  }),
  { numRuns: 200, seed: 5 },
);

async function terraform(cwd: string, ...args: readonly string[]): Promise<string> {
  const { TF_CLI_CONFIG_FILE: _, ...env } = process.env;
  const options = { cwd, env: { ...env, CHECKPOINT_DISABLE: "1" } };
  const { stdout } = await promisify(execFile)("terraform", args, options);
  return stdout;
}

describe("the real terraform", () => {
  test("takes the values of a rendered file of variables literally", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "mayfly-literals-"));
    const values = { texts, deep: { [`\${x}`]: [`\${y}`] }, long: 12345678901234567890n };
    await writeFile(join(folder.path, "main.tf"), 'variable "v" {}\nresource "terraform_data" "v" { input = var.v }\n');
    await writeFile(join(folder.path, "a.tfvars.json"), renderTfvarsJson({ v: values }));
    await terraform(folder.path, "init", "-input=false");
    await terraform(folder.path, "plan", "-input=false", "-out=p", "-var-file=a.tfvars.json");
    const shown = await terraform(folder.path, "show", "-json", "p");
    expect(JSON.parse(shown).variables.v.value).toMatchObject({ texts, deep: values.deep });
    expect(shown).toContain('"long":12345678901234567890');
  });

  test("takes the settings of a rendered backend file literally", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "mayfly-literals-"));
    const password = texts.join("|");
    // Nobody answers there, which init says at once, after it has kept the settings.
    const settings = { address: "http://127.0.0.1:1/state", retry_max: "0", username: `\${x}`, password };
    await writeFile(join(folder.path, "main.tf"), 'terraform {\n  backend "http" {}\n}\n');
    await writeFile(join(folder.path, "a.tfbackend"), renderBackendFile(settings));
    await expect(terraform(folder.path, "init", "-input=false", "-backend-config=a.tfbackend")).rejects.toThrow();
    const kept = JSON.parse(await readFile(join(folder.path, ".terraform", "terraform.tfstate"), "utf8"));
    expect(kept.backend.config).toMatchObject({ username: `\${x}`, password });
  });
});
