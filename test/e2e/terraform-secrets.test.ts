import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { AZURERM_BACKEND, keyOf, openTerraformScene, type Ran, type TerraformScene, TOKEN } from "./terraform-scene.ts";

jest.setTimeout(120_000);

const PASSWORD = "hunter_2*hunter";
const LINES = "first line of the key\nsecond line of the key";

const CONFIGURATION = `${AZURERM_BACKEND}
variable "password" {
  type      = string
  sensitive = true
  validation {
    condition     = var.password != "not this one"
    error_message = "It must be another one."
  }
}
variable "key" { type = string }
resource "terraform_data" "kept" { input = sensitive("of the resource itself") }
resource "terraform_data" "fails" {
  depends_on = [terraform_data.kept]
  provisioner "local-exec" { command = "echo '\${var.password}' '\${var.key}' '\${terraform_data.kept.output}'; exit 3" }
}
output "password" {
  value     = var.password
  sensitive = true
}
`;

describe("a secret in terraform's own words", () => {
  let scene: TerraformScene;
  let workspace: string;
  beforeAll(async () => {
    scene = await openTerraformScene();
    workspace = await scene.workspace({ "main.tf": CONFIGURATION });
  });
  afterAll(async () => {
    await scene[Symbol.asyncDispose]();
  });

  /** The runner shows the inputs of a step before it starts, secrets in the wrong input among them. */
  const afterInputs = ({ text }: Ran): string => text.slice(text.indexOf("Initializing the backend"));
  const expectNowhere = (ran: Ran, secret: string): void => {
    const places = {
      text: afterInputs(ran),
      summaries: `${ran.summary}${ran.post?.summary}`,
      comments: scene.comments(),
    };
    for (const form of [secret, secret.replace(/[_*]/g, "\\$&"), Buffer.from(secret).toString("base64")]) {
      expect(JSON.stringify(places)).not.toContain(JSON.stringify(form).slice(1, -1));
      for (const [path, text] of ran.left) expect({ path, leaks: text.includes(form) }).toEqual({ path, leaks: false });
    }
  };

  test("of a provisioner that fails appears nowhere, and what it is about does", async () => {
    const ran = await scene.terraform(
      {
        ...{ command: "apply", environment: "pr-1", ...TOKEN, comment: "always" },
        variables: `password: "${PASSWORD}"`,
        "secret-variables": JSON.stringify({ key: LINES }),
      },
      { workspace },
    );
    expect(ran.outputs["failure-reason"]).toBe("apply-failed");
    expect(ran.errors.map(({ message }) => message).join("\n")).toContain("terraform_data.fails");
    expect(scene.comments().at(-1)?.body).toContain("terraform_data.fails");
    for (const secret of [PASSWORD, ...LINES.split("\n"), "of the resource itself"]) expectNowhere(ran, secret);
    expect(scene.leased(keyOf("pr-1"))).toBe(false);
  });

  test("of a variable that is refused appears nowhere, before there is any plan", async () => {
    const inputs = { command: "plan", environment: "pr-2", variables: 'password: "not this one"\nkey: none' };
    const ran = await scene.terraform({ ...inputs, ...TOKEN }, { workspace });
    expect(ran.outputs["failure-reason"]).toBe("plan-failed");
    expect(ran.text).toContain("It must be another one");
    expect(afterInputs(ran)).not.toContain("not this one");
    expect(JSON.stringify([ran.summary, scene.comments()])).not.toContain("not this one");
  });
});
