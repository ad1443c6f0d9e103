import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { asObject } from "../azure/wire.ts";
import type { Job, JobResult, Step } from "../runner/job.ts";
import { runJob } from "../runner/run-job.ts";
import { createAzurermMirror } from "../terraform/azurerm-mirror.ts";
import { readTerraformFiles } from "../terraform/terraform-files.ts";
import { type FoundationScene, openFoundationScene, PREVIEWS, REPOSITORY } from "./foundation-scene.ts";
import { past, repositoryRoot } from "./scene.ts";

jest.setTimeout(400_000);

const STACK = "stacks/aks-environment";
const HOUR = 3_600_000;

let scene: FoundationScene;
let folder: string;
let machineEnv: Readonly<Record<string, string>>;
beforeAll(async () => {
  scene = await openFoundationScene();
  folder = await mkdtemp(join(tmpdir(), "mayfly-environment-"));
  for (const [name, text] of Object.entries(readTerraformFiles())) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const mirror = await createAzurermMirror(join(folder, "mirror"));
  const polling = { GO_AZURE_SDK_SKIP_POLLING_DELAY: "true" };
  machineEnv = { PATH: process.env["PATH"] ?? "", ...scene.proxy.env, ...mirror.env, ...polling };
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const jobOf = (clientId: string | undefined, step: Step, job: Partial<Job>): Job => ({
  repositoryRoot,
  machineEnv,
  permissions: { "id-token": "write" },
  github: { repository: REPOSITORY.repository, repository_id: REPOSITORY.repositoryId, sha: "6f0c".repeat(10) },
  workspace: folder,
  steps: [
    {
      uses: "$/actions/azure-login",
      with: {
        "client-id": `${clientId}`,
        "tenant-id": scene.previewJob.tenantId,
        "subscription-id": PREVIEWS,
      },
    },
    step,
  ],
  ...job,
});

/** As a pull request's job, with the identity and the storage that the foundation has made. */
const terraform = async (command: string, environment: string, inputs: Step["with"] = {}): Promise<Ran> => {
  const { variables, previewJob, made } = scene;
  const backend = [
    `storage_account_name=${variables["MAYFLY_STATE_ACCOUNT"]}`,
    `container_name=${variables["MAYFLY_STATE_CONTAINER"]}`,
  ];
  const step = {
    id: "it",
    uses: "$/actions/terraform",
    with: {
      command,
      environment,
      "working-directory": STACK,
      "backend-config": backend.join("\n"),
      "var-files": "../../queue-worker-cluster.tfvars",
      variables: JSON.stringify({
        shared_registry: made["shared_registry"],
        key_vault_public_network_access_enabled: false,
      }),
      ...inputs,
    },
  };
  const done = await runJob(jobOf(variables["AZURE_CLIENT_ID"], step, { idToken: previewJob.job }));
  return told(done);
};

interface Ran extends JobResult {
  readonly outputs: Readonly<Record<string, string>>;
  readonly errors: readonly string[];
}

const told = (done: JobResult): Ran => ({
  ...done,
  outputs: done.steps.find(({ id, stage }) => id === "it" && stage === "main")?.outputs ?? {},
  errors: done.annotations.filter(({ level }) => level === "error").map(({ message }) => message),
});

const reap = async (): Promise<Ran> => {
  const { variables, azure } = scene;
  const idToken = azure.github.registerJob({
    ...REPOSITORY,
    immutableSubject: true,
    event: "schedule",
    ref: "refs/heads/main",
  });
  const inputs = {
    "subscription-ids": PREVIEWS,
    "name-prefix": variables["MAYFLY_NAME_PREFIX"] ?? "",
    "dry-run": false,
  };
  const step = { id: "it", uses: "$/actions/ttl-reaper", with: { ...inputs, "name-prefix": "queue-" } };
  return told(await runJob(jobOf(variables["AZURE_REAPER_CLIENT_ID"], step, { idToken })));
};

const groups = (): readonly string[] => scene.azure.arm.groups(PREVIEWS).map(({ id }) => id.split("/").at(-1) ?? "");
const expiryOf = (name: string): number => {
  const { body } = scene.azure.arm.find(`/subscriptions/${PREVIEWS}/resourceGroups/${name}`) ?? {};
  return Date.parse(`${asObject(body?.["tags"])?.["expires-at"]}`);
};
/** Without those that are only kept in case somebody wants them back. */
const states = (): readonly string[] => {
  const { variables, azure } = scene;
  const account = `${variables["MAYFLY_STATE_ACCOUNT"]}`;
  const container = `${variables["MAYFLY_STATE_CONTAINER"]}`;
  const names = azure.blobs.names(account, container);
  return names.filter((name) => azure.blobs.find({ account, container, name }) !== undefined);
};

describe("an environment of the modules", () => {
  const names: Record<string, string> = {};

  test.each(["pr-12", "pr-13"])("%s is made with an end, and told to the other actions", async (environment) => {
    const began = Date.now();
    const ran = await terraform("apply", environment, { ttl: "8h", outputs: "resource_group_name\ncluster_name\nurl" });
    expect(ran.errors).toEqual([]);
    const { resource_group_name: name = "" } = ran.outputs;
    names[environment] = name;
    expect(groups()).toContain(name);
    expect(expiryOf(name)).toBeGreaterThanOrEqual(began + 8 * HOUR - 1_000);
    expect(ran.outputs).toMatchObject({
      "expires-at": new Date(expiryOf(name)).toISOString().replace(".000", ""),
      cluster_name: name,
      url: `https://${environment}.preview.example.com`,
      change: "0",
      destroy: "0",
    });
    expect(ran.log.map(({ text }) => text).join("\n")).toMatch(
      /asked for \d{2,} ID tokens, GitHub was asked for [12]\b/,
    );
  });

  test("is extended by the next apply, which finds nothing else to do", async () => {
    const before = expiryOf(names["pr-12"] ?? "");
    const ran = await terraform("apply", "pr-12", { ttl: "24h" });
    expect(ran.errors).toEqual([]);
    expect(ran.outputs).toMatchObject({ "has-changes": "false", add: "0", change: "0", destroy: "0" });
    expect(expiryOf(names["pr-12"] ?? "")).toBeGreaterThan(before + 15 * HOUR);
    const kept = await terraform("plan", "pr-12", { ttl: "20m" });
    expect(kept.outputs).toMatchObject({ "has-changes": "false", "has-drift": "false" });
    expect(Date.parse(kept.outputs["expires-at"] ?? "")).toBe(expiryOf(names["pr-12"] ?? ""));
  });

  test("is reaped when it was forgotten, by the identity that can do nothing else", async () => {
    const forgotten = names["pr-13"] ?? "";
    scene.azure.arm.tag(`/subscriptions/${PREVIEWS}/resourceGroups/${forgotten}`, { "expires-at": past() });
    const ran = await reap();
    expect(ran.errors).toEqual([]);
    expect(groups()).not.toContain(forgotten);
    expect(groups().filter((name) => name.includes(forgotten))).toEqual([]);
    expect(groups()).toContain(names["pr-12"]);

    // What lay outside of the group, on the registry that all share.
    const rest = await terraform("destroy", "pr-13", { ttl: "8h" });
    expect(rest.errors).toEqual([]);
    expect(Number(rest.outputs["destroy"])).toBeGreaterThan(0);
    expect(states().filter((name) => name.includes("pr-13"))).toEqual([]);
  });

  test("is destroyed with proof, and its state with it", async () => {
    const name = names["pr-12"] ?? "";
    const ran = await terraform("destroy", "pr-12", { ttl: "8h" });
    expect(ran.errors).toEqual([]);
    expect(Number(ran.outputs["destroy"])).toBeGreaterThan(4);
    expect(groups().filter((each) => each.includes(name))).toEqual([]);
    expect(states()).toEqual([]);
    expect(ran.summary).toContain(name);
    expect(ran.summary).toMatch(/gone/);
  });
});
