import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { withToken } from "../github/job-token.ts";
import type { JobResult } from "../runner/job.ts";
import { runWorkflow, type WorkflowResult, type WorkflowSource } from "../runner/run-workflow.ts";
import { createAzurermMirror } from "../terraform/azurerm-mirror.ts";
import { repositoryRoot } from "./scene.ts";
import {
  ACCOUNT,
  CONTAINER,
  keyOf,
  openTerraformScene,
  pullRequestContext,
  REPOSITORY,
  REPOSITORY_ID,
  type TerraformScene,
} from "./terraform-scene.ts";

jest.setTimeout(600_000);

const EXAMPLE = join(repositoryRoot, "examples/environments");
/** Whose actions the example names. */
const OWN = ["azure-login", "terraform"].map((name) => [
  `OWNER/mayfly/actions/${name}`,
  join(repositoryRoot, "actions", name),
]);
const SETUP = join(import.meta.dirname, "fixtures/setup-terraform");
/** A commit of the default branch. */
const MAIN = { event_name: "push", ref: "refs/heads/main", sha: "0123456789abcdef0123456789abcdef01234567", event: {} };

let scene: TerraformScene;
let folder: string;
let machineEnv: Readonly<Record<string, string>>;
beforeAll(async () => {
  scene = await openTerraformScene();
  folder = await mkdtemp(join(tmpdir(), "mayfly-example-"));
  const mirror = await createAzurermMirror(folder);
  machineEnv = { ...scene.base.machineEnv, ...mirror.env, GO_AZURE_SDK_SKIP_POLLING_DELAY: "true" };
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a workflow of the example as GitHub would, from the files that stand there. */
async function run(name: string, source: Partial<WorkflowSource>): Promise<WorkflowResult> {
  const { team, base, azure } = scene;
  return runWorkflow(
    {
      ...base,
      machineEnv,
      workflow: join(EXAMPLE, `.github/workflows/${name}.yml`),
      checkout: EXAMPLE,
      replace: { ...Object.fromEntries(OWN), "hashicorp/setup-terraform": SETUP },
      vars: {
        AZURE_CLIENT_ID: team.clientId,
        AZURE_TENANT_ID: team.tenantId,
        AZURE_SUBSCRIPTION_ID: team.subscriptionId,
        MAYFLY_STATE_ACCOUNT: ACCOUNT,
        MAYFLY_STATE_CONTAINER: CONTAINER,
      },
      permissions: { contents: "read", "id-token": "write", "pull-requests": "write", actions: "read" },
      ...source,
      github: { ...base.github, repository: REPOSITORY, repository_id: REPOSITORY_ID, ...source.github },
    },
    { play: (job) => scene.play(withToken(azure.githubApi, job)) },
  );
}

const LOCK = "1a06e456-61f6-987f-b4bb-f24f34caf356";

/** Takes the state's lock as terraform does on a laptop: for ever, with a note of who it is. */
function lockByHand(name: string): void {
  const { blobs } = scene.azure;
  const place = { account: ACCOUNT, container: CONTAINER, name };
  const info = { ID: LOCK, Operation: "OperationTypeApply", Info: "", Who: "mona@laptop", Version: "1.11.4" };
  const text = JSON.stringify({ ...info, Created: new Date().toISOString(), Path: `${CONTAINER}/${name}` });
  blobs.store.leases.acquire(`${ACCOUNT}/${CONTAINER}/${name}`, -1, LOCK);
  blobs.setMetadata(place, { terraformlockid: Buffer.from(text).toString("base64") });
}

const legOf = (ran: WorkflowResult, job: string): JobResult | undefined => ran.jobs[job]?.legs[0];
const errorsOf = (ran: WorkflowResult): readonly string[] =>
  Object.values(ran.jobs).flatMap(({ legs }) =>
    legs.flatMap(({ annotations }) =>
      annotations.filter(({ level }) => level === "error").map(({ message }) => message),
    ),
  );
const groupId = (name: string): string => `/subscriptions/${scene.team.subscriptionId}/resourceGroups/${name}`;
const pull = (event: string, action: string) => {
  const context = pullRequestContext(scene.pullRequest);
  return { ...context, event_name: event, event: { ...context.event, action } };
};

describe("a pull request of the example", () => {
  test("gets an environment with an end, and loses it when it is closed", async () => {
    const environment = `pr-${scene.pullRequest}`;
    const opened = await run("preview", { github: pull("pull_request", "opened") });
    expect(errorsOf(opened)).toEqual([]);
    expect(scene.azure.arm.find(groupId(`shop-${environment}`))?.body["tags"]).toMatchObject({
      "auto-destroy": "true",
      "expires-at": expect.stringMatching(/Z$/),
      "mayfly-environment": environment,
    });
    expect(scene.comments().at(-1)?.body).toContain("1 added");

    const github = { ...pull("pull_request_target", "closed"), ref: "refs/heads/main", sha: MAIN.sha };
    const closed = await run("preview-close", { github });
    expect(errorsOf(closed)).toEqual([]);
    expect(scene.names()).not.toContain(`shop-${environment}`);
    expect(scene.blobs().filter((name) => name.startsWith(keyOf(environment)))).toEqual([]);
    expect(scene.comments()).toHaveLength(1);
    expect(scene.comments()[0]?.body).toContain("proven gone");

    // Closed once more, as after the reaper: there is nothing left, and nothing wrong.
    expect((await run("preview-close", { github })).conclusion).toBe("success");
  });

  test("of a fork or of Dependabot is left alone", async () => {
    const context = pull("pull_request", "opened");
    const stranger = { ...context.event.pull_request, head: { repo: { full_name: "mallory/shop" } } };
    const forked = { ...context, event: { ...context.event, pull_request: stranger } };
    for (const github of [forked, { ...context, actor: "dependabot[bot]" }]) {
      expect((await run("preview", { github })).jobs["apply"]?.result).toBe("skipped");
      expect((await run("test-environment", { github })).jobs["plan"]?.result).toBe("skipped");
    }
  });
});

describe("the test environment of the example", () => {
  test("is planned for a pull request, and applied from the default branch, by the plan that was approved", async () => {
    const planned = await run("test-environment", { github: pull("pull_request", "synchronize") });
    expect(errorsOf(planned)).toEqual([]);
    expect(planned.jobs["apply"]?.result).toBe("skipped");
    expect(scene.names()).not.toContain("shop-test");

    const pushed = await run("test-environment", { github: MAIN });
    expect(errorsOf(pushed)).toEqual([]);
    expect(pushed.jobs["apply"]?.result).toBe("success");
    expect(scene.names()).toContain("shop-test");
    expect(scene.azure.arm.find(groupId("shop-test"))?.body["tags"]).not.toHaveProperty("auto-destroy");

    const again = await run("test-environment", { github: MAIN });
    expect(again.jobs["apply"]?.result).toBe("skipped");
  });

  test("tells when somebody has changed it", async () => {
    const scheduled = { ...MAIN, event_name: "schedule" };
    expect(errorsOf(await run("drift", { github: scheduled }))).toEqual([]);
    scene.azure.arm.tag(groupId("shop-test"), { "made-by": "hand" });
    const drifted = await run("drift", { github: scheduled });
    expect(drifted.conclusion).toBe("failure");
    expect(errorsOf(drifted)[0]).toContain("the summary has what");
    expect(legOf(drifted, "drift")?.steps.find(({ id }) => id === "drift")?.summary).toContain("made-by");
  });
});

test("unlock of the example releases the lock that is named, and no other", async () => {
  const place = { account: ACCOUNT, container: CONTAINER, name: keyOf("test") };
  const unlock = (inputs: Readonly<Record<string, unknown>>) =>
    run("unlock", { github: { ...MAIN, event_name: "workflow_dispatch" }, inputs: { environment: "test", ...inputs } });
  expect((await unlock({})).conclusion).toBe("success");
  lockByHand(place.name);
  expect((await unlock({})).conclusion).toBe("failure");
  expect(scene.leased(place.name)).toBe(true);
  expect(errorsOf(await unlock({ "lock-id": LOCK }))).toEqual([]);
  expect(scene.leased(place.name)).toBe(false);
});
