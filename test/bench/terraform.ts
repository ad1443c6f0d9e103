import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needTerraform } from "../terraform/need-terraform.ts";
import { type Measured, measure, measureCommand, medians, mustPass } from "./child.ts";
import type { Ledger } from "./ledger.ts";
import type { Stage } from "./stage.ts";

const ROUNDS = 7;
const RESOURCES = 200;
const CONFIGURATION = `resource "terraform_data" "this" {
  count = ${RESOURCES}
  input = "value \${count.index}"
}
`;

/** Init, plan and apply of 200 resources that cost nothing: what the action adds to raw terraform. */
export async function benchTerraform(stage: Stage, ledger: Ledger): Promise<void> {
  const terraform = needTerraform();
  const scratch = await mkdtemp(join(tmpdir(), "mayfly-bench-"));
  const machine = { PATH: process.env["PATH"] ?? "", HOME: scratch, CHECKPOINT_DISABLE: "1" };
  let folders = 0;
  const fresh = async (): Promise<string> => {
    folders += 1;
    const folder = join(scratch, `stack-${folders}`);
    await mkdir(folder);
    await writeFile(join(folder, "main.tf"), CONFIGURATION);
    return folder;
  };
  const raw = async (): Promise<Measured> => {
    const folder = await fresh();
    const environment = { ...machine, TF_IN_AUTOMATION: "1", TF_INPUT: "0" };
    const script = '"$0" init && "$0" plan -out=plan && "$0" apply plan';
    return mustPass(await measureCommand("/bin/sh", ["-c", script, terraform], environment, folder));
  };
  const ours = async (): Promise<Measured> => {
    const folder = await fresh();
    const inputs = { command: "apply", "working-directory": folder, comment: "never" };
    const job = { GITHUB_WORKSPACE: folder, GITHUB_REPOSITORY: "octo/shop", GITHUB_SHA: "0".repeat(40) };
    const environment = await stage.environment(inputs, { ...machine, ...job });
    return mustPass(await measure([stage.script("terraform")], environment, folder));
  };
  await raw();
  const times = await medians(ROUNDS, { raw, ours });
  console.log(`      raw terraform ${times.raw.toFixed(0)} ms, ours ${times.ours.toFixed(0)} ms`);
  ledger.atMost(`plan and apply of ${RESOURCES} resources, against raw terraform`, times.ours / times.raw, 1.05, "x");
  await rm(scratch, { recursive: true, force: true });
}
