import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { AZURERM_BACKEND, keyOf, openTerraformScene, type TerraformScene, TOKEN } from "./terraform-scene.ts";

jest.setTimeout(120_000);

const COMMIT = "6f0c1b2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b";

const configuration = (input: string): string => `${AZURERM_BACKEND}
variable "size" {
  type    = number
  default = 1
}
variable "environment" { type = string }
resource "terraform_data" "server" { input = "${input}" }
resource "terraform_data" "disk" {
  count            = var.size
  input            = terraform_data.server.output
  triggers_replace = ["${input}"]
}
output "server" { value = terraform_data.server.output }
output "where" { value = var.environment }
`;

describe("terraform as a step, with the state in Azure", () => {
  let scene: TerraformScene;
  beforeAll(async () => {
    scene = await openTerraformScene();
  });
  afterAll(async () => {
    await scene[Symbol.asyncDispose]();
  });

  test("applies, tells it on the pull request, and has nothing to do the next time", async () => {
    const workspace = await scene.workspace({ "main.tf": configuration("one") });
    const inputs = { command: "apply", environment: "pr-1", outputs: "server\nwhere", variables: "size: 3", ...TOKEN };
    const first = await scene.terraform(inputs, { workspace });
    expect(first.errors).toEqual([]);
    expect(first.outputs).toMatchObject({
      ...{ add: "4", change: "0", destroy: "0", "has-changes": "true", "failure-reason": "" },
      ...{ server: "one", where: "pr-1", "state-key": keyOf("pr-1") },
      outputs: '{"server":"one","where":"pr-1"}',
    });
    expect(scene.blobs()).toEqual([keyOf("pr-1")]);
    expect(scene.leased(keyOf("pr-1"))).toBe(false);
    expect([...first.left.keys()].filter((path) => !path.startsWith("_") && !path.includes("-data-"))).toEqual([]);
    const [comment] = scene.comments();
    expect(comment?.body).toContain("4 added");
    expect(first.outputs["comment-url"]).toBe(comment?.url);
    expect(first.text).toMatch(/Token relay: terraform asked for \d+ ID tokens, GitHub was asked for [12]\b/);

    const second = await scene.terraform(inputs, { workspace });
    expect(second.outputs).toMatchObject({ add: "0", "has-changes": "false", server: "one" });
    expect(scene.comments()).toHaveLength(1);
  });

  test("keeps a plan beside the state, and applies that plan and no other", async () => {
    const workspace = await scene.workspace({ "main.tf": configuration("one") });
    const other = await scene.workspace({ "main.tf": configuration("two") });
    const plan = await scene.terraform({ command: "plan", environment: "pr-2", ...TOKEN }, { workspace });
    const digest = plan.outputs["plan-digest"] ?? "";
    expect(plan.outputs).toMatchObject({ add: "2", "has-changes": "true" });
    expect(scene.blobs()).toContain(`${keyOf("pr-2")}.plan/${digest}`);
    expect(scene.comments().at(-1)?.body).toContain(digest);

    const apply = { command: "apply", environment: "pr-2", "plan-digest": digest };
    const elsewhere = { ref: "refs/heads/main", sha: "0".repeat(39).concat("1"), event_name: "push", event: {} };
    const wrong = await scene.terraform(apply, { workspace: other, github: elsewhere });
    expect(wrong.outputs).toMatchObject({ "failure-reason": "plan-mismatch", "error-code": "plan-mismatch" });
    expect(wrong.errors[0]?.message).toContain(COMMIT);
    expect(JSON.parse((await scene.blob(keyOf("pr-2"))) || '{"resources":[]}')).toMatchObject({ resources: [] });

    const right = await scene.terraform(apply, { workspace });
    expect(right.errors).toEqual([]);
    expect(right.outputs).toMatchObject({ add: "2", "plan-digest": digest });
    expect(JSON.parse(right.outputs["outputs"] ?? "")).toEqual({ server: "one", where: "pr-2" });

    const again = await scene.terraform(apply, { workspace });
    expect(again.outputs["failure-reason"]).toBe("plan-mismatch");
    const equivalent = await scene.terraform({ ...apply, approve: "equivalent" }, { workspace });
    expect(equivalent.outputs["failure-reason"]).toBe("plan-mismatch");
  });

  test("destroys what there is, removes the state, and does not call nothing a success", async () => {
    const workspace = await scene.workspace({ "main.tf": configuration("one") });
    await scene.terraform({ command: "apply", environment: "pr-3" }, { workspace });
    const destroyed = await scene.terraform({ command: "destroy", environment: "pr-3", ...TOKEN }, { workspace });
    expect(destroyed.errors).toEqual([]);
    expect(destroyed.outputs).toMatchObject({ destroy: "2" });
    expect(scene.blobs().filter((name) => name.startsWith(keyOf("pr-3")))).toEqual([]);
    expect(destroyed.summary).toContain("deleted");

    const nothing = await scene.terraform({ command: "destroy", environment: "pr-3" }, { workspace });
    expect(nothing.outputs["failure-reason"]).toBe("destroy-nothing");
    const fine = { command: "destroy", environment: "pr-3", "expect-resources": 0 };
    expect((await scene.terraform(fine, { workspace })).conclusion).toBe("success");
    expect(scene.blobs().filter((name) => name.startsWith(keyOf("pr-3")))).toEqual([]);
  });

  test("asks for the permission that is missing, before terraform runs", async () => {
    const workspace = await scene.workspace({ "main.tf": configuration("one") });
    const { clientId, tenantId, subscriptionId } = scene.team;
    const ids = { "client-id": clientId, "tenant-id": tenantId, "subscription-id": subscriptionId };
    const step = {
      id: "terraform",
      uses: "$/actions/terraform",
      with: { command: "plan", environment: "pr-5", ...ids },
    };
    const permissions = { contents: "read" };
    const failed = await scene.terraform({}, { workspace, steps: [step], permissions });
    expect(failed.outputs["error-code"]).toBe("id-token-permission");
    expect(failed.errors[0]?.message).toContain("id-token: write");
    expect(scene.blobs().filter((name) => name.startsWith(keyOf("pr-5")))).toEqual([]);
  });

  test("points at the line that is wrong, though the configuration cannot even be read", async () => {
    const workspace = await scene.workspace({
      "infrastructure/main.tf": `${AZURERM_BACKEND}\nresource "terraform_data" "one" { input = {}`,
    });
    const inputs = { command: "plan", environment: "pr-5", "working-directory": "infrastructure" };
    const failed = await scene.terraform(inputs, { workspace });
    expect(failed.outputs["failure-reason"]).toBe("init-failed");
    expect(failed.errors).toContainEqual(expect.objectContaining({ file: "infrastructure/main.tf", line: "5" }));
    expect(failed.errors.at(-1)?.message).toMatch(/^init failed: main\.tf:5: .*(?:block|brace)/);
  });

  test("points at the line that is wrong", async () => {
    const workspace = await scene.workspace({
      "infrastructure/main.tf": `${AZURERM_BACKEND}\nresource "terraform_data" "one" {\n  input = var.missing\n}\n`,
    });
    const inputs = { command: "plan", environment: "pr-4", "working-directory": "infrastructure" };
    const failed = await scene.terraform(inputs, { workspace });
    expect(failed.outputs["failure-reason"]).toBe("plan-failed");
    expect(failed.errors).toContainEqual(expect.objectContaining({ file: "infrastructure/main.tf", line: "6" }));
  });
});
