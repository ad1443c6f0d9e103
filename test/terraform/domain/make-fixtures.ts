import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SCENES, type Scene } from "./scenes.ts";

/**
 * Writes fixtures/ anew with the terraform on PATH: `node test/terraform/domain/make-fixtures.ts`, then format them
 * (`npx biome check --write test/terraform/domain/fixtures`). Of each scene: what `terraform show -json` says of the plan,
 * the count that terraform itself streamed, and where it is asked for the state that the plan was made on.
 */
const FIXTURES = join(import.meta.dirname, "fixtures");

for (const scene of SCENES) {
  const folder = mkdtempSync(join(tmpdir(), "mayfly-fixture-"));
  try {
    make(scene, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function make(scene: Scene, folder: string): void {
  const run = (...args: readonly string[]): string => {
    const { TF_CLI_CONFIG_FILE: _, ...env } = process.env;
    const options = { cwd: folder, encoding: "utf8", env: { ...env, CHECKPOINT_DISABLE: "1" } } as const;
    return execFileSync("terraform", args, { ...options, stdio: ["ignore", "pipe", "ignore"] });
  };
  const keep = (name: string, text: string): void => writeFileSync(join(FIXTURES, name), `${text.trim()}\n`);

  writeFileSync(join(folder, "vars.tfvars.json"), JSON.stringify(scene.variables));
  if (scene.before !== undefined) {
    writeFileSync(join(folder, "main.tf"), scene.before);
    run("init");
    run("apply", "-auto-approve", "-var-file=vars.tfvars.json");
    if (scene.keepsState) {
      keep(`${scene.name}.state.json`, run("show", "-json"));
      keep(`${scene.name}.tfstate`, readFileSync(join(folder, "terraform.tfstate"), "utf8"));
    }
  }
  if (scene.after === undefined) return;
  writeFileSync(join(folder, "main.tf"), scene.after);
  run("init");
  const stream = runFailing(() =>
    run("plan", "-json", "-out=plan", "-var-file=vars.tfvars.json", ...(scene.flags ?? [])),
  );
  keep(`${scene.name}.plan.json`, run("show", "-json", "plan"));
  const summary = stream.split("\n").find((line) => line.includes('"change_summary"'));
  if (summary !== undefined) keep(`${scene.name}.summary.json`, JSON.stringify(JSON.parse(summary).changes));
}

/** What a command printed, also when it failed. */
function runFailing(run: () => string): string {
  try {
    return run();
  } catch (error) {
    return String((error as { readonly stdout?: string }).stdout ?? "");
  }
}
