import { hostname } from "node:os";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { type RunNote, renderRunNote } from "../../src/terraform/run-note.ts";
import type { Run } from "../github/runs.ts";
import { createTerraformFolder } from "../terraform/terraform-folder.ts";
import {
  ACCOUNT,
  AZURERM_BACKEND,
  CONTAINER,
  keyOf,
  openTerraformScene,
  REPOSITORY,
  REPOSITORY_ID,
  type TerraformScene,
  TOKEN,
} from "./terraform-scene.ts";

jest.setTimeout(120_000);

const CONFIGURATION = `${AZURERM_BACKEND}
resource "terraform_data" "one" {
  provisioner "local-exec" { command = "echo at work; exec sleep 20" }
}
`;
const SECOND = 1_000;

describe("a lock that the real terraform has left", () => {
  let scene: TerraformScene;
  let workspace: string;
  beforeAll(async () => {
    scene = await openTerraformScene();
    workspace = await scene.workspace({ "main.tf": CONFIGURATION.replace("exec sleep 20", "exit 0") });
  });
  afterAll(async () => {
    await scene[Symbol.asyncDispose]();
  });

  /** Kills a terraform in the middle of its apply, as when a machine goes down, with the note of its run beside the state. */
  const leaveLock = async (environment: string): Promise<Run> => {
    const { azure, proxy, team } = scene;
    const key = keyOf(environment);
    const settings = { storage_account_name: ACCOUNT, container_name: CONTAINER, key, use_azuread_auth: "true" };
    await using folder = await createTerraformFolder({ proxy, team, files: { "main.tf": CONFIGURATION } });
    await folder.must("init", ...Object.entries(settings).map(([name, value]) => `-backend-config=${name}=${value}`));
    const call = folder.start("apply", "-auto-approve");
    while (!scene.leased(key)) await new Promise((resolve) => setTimeout(resolve, 50));
    // The metadata that say whose it is come after the lease.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    call.kill("SIGKILL");
    await call.over;
    expect(scene.leased(key)).toBe(true);
    const run = azure.githubApi.addRun(REPOSITORY);
    const note: RunNote = {
      ...{ repository: REPOSITORY, repositoryId: REPOSITORY_ID, runId: run.id, attempt: 1, job: "deploy" },
      ...{ runner: "GitHub Actions 7", runnerEnvironment: "github-hosted", host: hostname(), command: "apply" },
      startedAt: new Date(Date.now() - 60 * SECOND),
    };
    azure.blobs.put(
      { account: ACCOUNT, container: CONTAINER, name: `${key}.run` },
      { type: "BlockBlob" },
      renderRunNote(note),
    );
    return run;
  };

  test("is released once GitHub says that its run is over, and the work goes on", async () => {
    const run = await leaveLock("pr-1");
    run.cancel();
    // A run is given half a minute for its machine to go.
    for (const attempt of run.attempts) attempt.updatedAt = new Date(Date.now() - 35 * SECOND);
    const ran = await scene.terraform({ command: "apply", environment: "pr-1", ...TOKEN }, { workspace });
    expect(ran.errors).toEqual([]);
    expect(ran.outputs["add"]).toBe("1");
    expect(ran.summary).toContain(`${run.id}`);
    expect(scene.leased(keyOf("pr-1"))).toBe(false);
    expect(scene.blobs()).toEqual([keyOf("pr-1")]);
  });

  test("is waited for as long as its run goes on, and told with who holds it", async () => {
    const run = await leaveLock("pr-2");
    const inputs = { command: "apply", environment: "pr-2", "lock-timeout": "1s", ...TOKEN };
    const ran = await scene.terraform(inputs, { workspace });
    expect(ran.outputs["failure-reason"]).toBe("state-locked");
    expect(ran.errors.map(({ message }) => message).join("\n")).toContain(`${run.id}`);
    expect(scene.leased(keyOf("pr-2"))).toBe(true);

    const looked = await scene.terraform({ command: "unlock", environment: "pr-2", ...TOKEN }, { workspace });
    expect(looked.outputs["failure-reason"]).toBe("state-locked");
    const { id } = JSON.parse(looked.outputs["lock-info"] ?? "{}") as { readonly id: string };
    const word = { command: "unlock", environment: "pr-2", "lock-id": id };
    expect((await scene.terraform(word, { workspace })).errors).toEqual([]);
    expect(scene.leased(keyOf("pr-2"))).toBe(false);
    expect((await scene.terraform({ command: "apply", environment: "pr-2" }, { workspace })).errors).toEqual([]);
  });

  test("without a word of whose it is only a broken lease frees", async () => {
    await leaveLock("pr-3");
    const place = { account: ACCOUNT, container: CONTAINER, name: keyOf("pr-3") };
    scene.azure.blobs.setMetadata(place, {});
    const unlock = { command: "unlock", environment: "pr-3", ...TOKEN };
    expect((await scene.terraform(unlock, { workspace })).outputs["failure-reason"]).toBe("state-locked");
    const broken = await scene.terraform({ ...unlock, "break-lease": true }, { workspace });
    expect(broken.errors).toEqual([]);
    expect(scene.leased(keyOf("pr-3"))).toBe(false);
  });
});
