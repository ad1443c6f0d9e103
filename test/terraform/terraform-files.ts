import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** State in the folder instead of the storage account that the stack's own backend asks for. */
const LOCAL_BACKEND = 'terraform {\n  backend "local" {}\n}\n';

/** Folders below `terraform` that hold a module or a stack, such as `modules/aks`. */
export function listTerraformFolders(): readonly string[] {
  return globSync("{modules,stacks}/*/versions.tf", { cwd: join(ROOT, "terraform") })
    .map((file) => file.replace(/\/versions\.tf$/, ""))
    .sort();
}

/**
 * The modules and stacks as people write them, by paths below `terraform`, and the tfvars of the examples beside them, as
 * `<example>.tfvars`. Nothing that a run of terraform left there comes along.
 */
export function readTerraformFiles(): Readonly<Record<string, string>> {
  const written = globSync("{modules,stacks}/*/**/*.{tf,tftest.hcl}", { cwd: join(ROOT, "terraform") });
  const examples = globSync("*/environment.tfvars", { cwd: join(ROOT, "examples") });
  const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
  return Object.fromEntries([
    ...written
      .filter((path) => !path.includes(".terraform/"))
      .map((path) => [path, read(`terraform/${path}`)] as const),
    ...examples.map((path) => [path.replace("/environment", ""), read(`examples/${path}`)] as const),
  ]);
}

/** The same, with the state of a stack in its own folder. */
export function withLocalState(stack: string): Readonly<Record<string, string>> {
  return { ...readTerraformFiles(), [`stacks/${stack}/backend_override.tf`]: LOCAL_BACKEND };
}
