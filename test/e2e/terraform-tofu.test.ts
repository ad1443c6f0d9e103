import { chmod, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { needTools } from "../image-tools/need-tools.ts";
import { needTerraform } from "../terraform/need-terraform.ts";
import { AZURERM_BACKEND, keyOf, openTerraformScene, type Ran, type TerraformScene } from "./terraform-scene.ts";

jest.setTimeout(120_000);

const CONFIGURATION = `${AZURERM_BACKEND}
variable "secret" {
  type      = string
  sensitive = true
  validation {
    condition     = var.secret != "wrong horse battery"
    error_message = "Not this one."
  }
}
resource "terraform_data" "one" { input = "x" }
resource "terraform_data" "hidden" { input = var.secret }
output "one" { value = terraform_data.one.output }
output "hidden" {
  value     = terraform_data.hidden.output
  sensitive = true
}
`;

/** All but the inputs of the step, which the runner shows before it starts. */
const said = ({ text, summary }: Ran): string => text.slice(text.indexOf("Initializing the backend")) + summary;

describe("the program that is found", () => {
  let scene: TerraformScene;
  beforeAll(async () => {
    scene = await openTerraformScene();
  });
  afterAll(async () => {
    await scene[Symbol.asyncDispose]();
  });

  test("may be tofu, from the plan to the receipt", async () => {
    const { tofu } = needTools("tofu");
    const machineEnv = { ...scene.base.machineEnv, PATH: `${dirname(tofu)}:/usr/bin:/bin` };
    const workspace = await scene.workspace({ "main.tf": CONFIGURATION });
    const inputs = { environment: "pr-1", "secret-variables": "secret: correct horse battery" };
    const plan = await scene.terraform({ ...inputs, command: "plan" }, { workspace, machineEnv });
    expect(plan.errors).toEqual([]);
    expect(plan.outputs).toMatchObject({ add: "2", "has-changes": "true" });
    expect(plan.summary).toContain("tofu 1.");
    const approved = { ...inputs, command: "apply", "plan-digest": plan.outputs["plan-digest"] ?? "", outputs: "one" };
    const applied = await scene.terraform(approved, { workspace, machineEnv });
    expect(applied.errors).toEqual([]);
    expect(applied.outputs).toMatchObject({ add: "2", one: "x", outputs: '{"one":"x"}' });
    expect(said(applied)).not.toContain("correct horse battery");
    const wrong = { ...inputs, command: "plan", "secret-variables": "secret: wrong horse battery" };
    const refused = await scene.terraform(wrong, { workspace, machineEnv });
    expect(refused.outputs["failure-reason"]).toBe("plan-failed");
    expect(said(refused)).not.toContain("wrong horse battery");

    const terraform = await scene.terraform({ ...approved, tool: "terraform" }, { workspace });
    expect(terraform.outputs["failure-reason"]).toBe("plan-mismatch");
    const destroyed = await scene.terraform({ ...inputs, command: "destroy" }, { workspace, machineEnv });
    expect(destroyed.errors).toEqual([]);
    expect(destroyed.outputs["destroy"]).toBe("2");
    expect(scene.blobs().filter((name) => name.startsWith(keyOf("pr-1")))).toEqual([]);
  });

  test("is the one behind a set-up action's script, which would swallow its signals", async () => {
    const workspace = await scene.workspace({ "main.tf": CONFIGURATION });
    const bin = await scene.workspace({});
    await symlink(needTerraform(), join(bin, "terraform-bin"));
    await writeFile(join(bin, "terraform"), "#!/bin/sh\necho wrapped >&2\nexit 9\n");
    await chmod(join(bin, "terraform"), 0o755);
    const PATH = `${bin}:${scene.base.machineEnv?.["PATH"]}`;
    const machineEnv = { ...scene.base.machineEnv, PATH, TERRAFORM_CLI_PATH: bin };
    const inputs = { command: "plan", environment: "pr-2", "secret-variables": "secret: correct horse battery" };
    const plan = await scene.terraform(inputs, { workspace, machineEnv });
    expect(plan.errors).toEqual([]);
    expect(plan.outputs["add"]).toBe("2");
  });

  test("is asked for by name where there is none", async () => {
    const workspace = await scene.workspace({ "main.tf": CONFIGURATION });
    const machineEnv = { ...scene.base.machineEnv, PATH: "/usr/bin:/bin" };
    const inputs = { command: "plan", environment: "pr-3", "secret-variables": "secret: correct horse battery" };
    const failed = await scene.terraform(inputs, { workspace, machineEnv });
    expect(failed.outputs).toMatchObject({ "failure-reason": "tool-missing", "error-code": "tool-missing" });
    expect(failed.errors[0]?.message).toContain("setup-terraform");
  });
});
