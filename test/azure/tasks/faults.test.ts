import { Readable } from "node:stream";
import { BlockBlobClient } from "@azure/storage-blob";
import { describe, expect, test } from "@jest/globals";
import type { Azure } from "../azure.ts";
import { storageHttpClient } from "../blobs/storage-client.ts";
import { CONTROL_HOST, createControl } from "../control.ts";
import type { BuildCall } from "./builder.ts";
import { TaskFailure } from "./failure.ts";
import { builderOf, dockerBuild, encodedTask, packContext, quickRuns } from "./quick-run.ts";

const FILES = { Dockerfile: "FROM scratch\nCOPY a /a\n", a: "hello" };

/** A build that goes on until it is stopped. */
function endless() {
  const begun = Promise.withResolvers<void>();
  const build = ({ signal }: BuildCall) => {
    begun.resolve();
    return new Promise<void>((_, reject) => signal.addEventListener("abort", () => reject(new TaskFailure("killed"))));
  };
  return { begun: begun.promise, build };
}

async function get(azure: Azure, url: unknown) {
  const { status, headers, body } = await azure.answer({ method: "GET", url: `${url}`, headers: {} });
  return { status, code: headers["x-ms-error-code"], text: body.toString() };
}

describe("a registry whose subscription may not use ACR Tasks", () => {
  test("takes the source and then refuses the run", async () => {
    const { azure, team, registry, ask, upload } = await quickRuns();
    azure.tasks.settings.forbidden = true;
    const source = await upload(FILES);
    const { status, json } = await ask("POST", `${registry}/scheduleRun`, dockerBuild(source));
    expect([status, json]).toEqual([
      400,
      {
        error: {
          code: "TasksOperationsNotAllowed",
          message: `ACR Tasks requests for the registry mayfly and ${team.subscriptionId} are not permitted. Please file an Azure support request at http://aka.ms/azuresupport for assistance.`,
          target: "request",
        },
      },
    ]);
    expect(azure.tasks.runs).toEqual([]);
  });
});

describe("a log", () => {
  test("is not there for a while after the run began", async () => {
    const { azure, registry, ask, upload, schedule, run } = await quickRuns();
    azure.tasks.builder = builderOf();
    azure.tasks.settings.logDelaySeconds = 30;
    const runId = await schedule(dockerBuild(await upload(FILES)));
    azure.clock.advance(1000);
    await run(runId);
    await azure.tasks.idle();
    azure.clock.advance(1000);
    expect((await run(runId))["status"]).toBe("Succeeded");
    const { json } = await ask("POST", `${registry}/runs/${runId}/listLogSasUrl`);
    expect(await get(azure, json["logLink"])).toMatchObject({ status: 404, code: "BlobNotFound" });
    azure.clock.advance(30_000);
    expect((await get(azure, json["logLink"])).text).toContain(`Run ID: ${runId} was successful`);
  });

  test("closes its link in the middle of the build; the next link goes on where it was", async () => {
    const { azure, registry, ask, upload, schedule, run } = await quickRuns();
    const { begun, build } = endless();
    azure.tasks.builder = builderOf({ build });
    azure.tasks.settings.logLinkSeconds = 60;
    const runId = await schedule(dockerBuild(await upload(FILES)));
    const link = async () => (await ask("POST", `${registry}/runs/${runId}/listLogSasUrl`)).json["logLink"];
    azure.clock.advance(1000);
    const first = await link();
    await begun;
    expect((await get(azure, first)).status).toBe(200);
    azure.clock.advance(60_000);
    expect(await get(azure, first)).toMatchObject({ status: 403, code: "AuthenticationFailed" });
    expect((await get(azure, await link())).text).toContain("Launching container with name: build");
    expect((await run(runId))["status"]).toBe("Running");
    azure.tasks.find(runId)?.stop("Canceled");
    await azure.tasks.idle();
  });
});

describe("a run", () => {
  test("waits for an agent that never comes", async () => {
    const { azure, upload, schedule, run } = await quickRuns();
    azure.tasks.settings.queuedSeconds = Number.POSITIVE_INFINITY;
    const runId = await schedule(dockerBuild(await upload(FILES)));
    azure.clock.advance(12 * 3600 * 1000);
    expect((await run(runId))["status"]).toBe("Queued");
    await azure.tasks.idle();
  });

  test("is ended by its own timeout", async () => {
    const { azure, upload, schedule, run, ended, log } = await quickRuns();
    const { begun, build } = endless();
    azure.tasks.builder = builderOf({ build });
    const runId = await schedule(dockerBuild(await upload(FILES), { timeout: 300 }));
    azure.clock.advance(1000);
    await run(runId);
    await begun;
    azure.clock.advance(299_000);
    expect((await run(runId))["status"]).toBe("Running");
    azure.clock.advance(1000);
    await run(runId);
    await azure.tasks.idle();
    expect(await ended(runId)).toMatchObject({
      status: "Timeout",
      runErrorMessage: "failed during run, err: timed out",
    });
    expect(await log(runId)).toMatch(/failed after 300s\. Error: failed during run, err: timed out\r\n$/);
    expect(azure.blobs.find(logOf(azure, runId))?.metadata).toEqual({ Complete: "timedout" });
  });

  test("fails when a step of it takes too long", async () => {
    const { azure, upload, schedule, run, ended, log } = await quickRuns();
    const { begun, build } = endless();
    azure.tasks.builder = builderOf({ build });
    const yaml = "steps: [{id: slow, build: -t x:1 ., timeout: 30}]";
    const runId = await schedule(encodedTask(yaml, { sourceLocation: await upload(FILES) }));
    azure.clock.advance(1000);
    await run(runId);
    await begun;
    azure.clock.advance(30_000);
    await run(runId);
    expect((await ended(runId))["status"]).toBe("Failed");
    expect(await log(runId)).toContain("failed to run step ID: slow: context deadline exceeded");
  });

  test("breaks down with its agent", async () => {
    const { azure, upload, schedule, ended } = await quickRuns();
    azure.tasks.settings.agentFails = true;
    const runId = await schedule(dockerBuild(await upload(FILES)));
    expect((await ended(runId))["status"]).toBe("Error");
    expect(azure.blobs.find(logOf(azure, runId))?.metadata).toEqual({ Complete: "internalerror" });
  });

  test("fails for a source that was never uploaded, where scheduleRun does not look", async () => {
    const { azure, schedule, ended, log } = await quickRuns();
    azure.tasks.settings.missingSource = "fail";
    const runId = await schedule(dockerBuild("source/none.tar.gz"));
    expect((await ended(runId))["status"]).toBe("Failed");
    expect(await log(runId)).toContain("404 BlobNotFound");
  });
});

describe("the dependency scanner", () => {
  test.each([
    [
      "FROM --platform=$BUILDPLATFORM golang AS build\n",
      {},
      "unable to understand line FROM --platform=$BUILDPLATFORM golang AS build",
    ],
    ["FROM scratch\n", { dockerFilePath: "other/Dockerfile" }, "error opening dockerfile: other/Dockerfile"],
    ["FROM scratch\n", { dockerFilePath: "'Dockerfile'" }, "error opening dockerfile: 'Dockerfile'"],
  ])("ends a run before docker is asked: %j %j", async (dockerfile, more, message) => {
    const { azure, upload, schedule, ended, log } = await quickRuns();
    azure.tasks.builder = builderOf({
      build: () => Promise.reject(new Error("docker was asked")),
    });
    const runId = await schedule(dockerBuild(await upload({ Dockerfile: dockerfile }), more));
    expect(await ended(runId)).toMatchObject({ status: "Failed" });
    const text = await log(runId);
    expect(text).toContain(`Output from dependency scanning: ${message}`);
    expect(text).toContain("failed to run step ID: build: failed to scan dependencies: exit status 1");
  });

  test("stumbles over an argument without a value, unless it stands behind an equals sign", async () => {
    const { azure, upload, schedule, ended, log } = await quickRuns();
    azure.tasks.builder = builderOf();
    const sourceLocation = await upload(FILES);
    const task = (argument: string) => encodedTask(`steps: [{build: -t x:1 ${argument} .}]`, { sourceLocation });
    const bare = await schedule(task("--build-arg TOKEN"));
    expect((await ended(bare))["status"]).toBe("Failed");
    expect(await log(bare)).toContain("TOKEN cannot be split into 2 tokens with '='");
    expect((await ended(await schedule(task("--build-arg=TOKEN"))))["status"]).toBe("Succeeded");
  });

  test("may have learnt about platforms", async () => {
    const { azure, upload, schedule, ended } = await quickRuns();
    azure.tasks.builder = builderOf();
    azure.tasks.settings.scannerKnowsPlatform = true;
    const source = await upload({ Dockerfile: "FROM --platform=$BUILDPLATFORM golang AS build\n" });
    expect((await ended(await schedule(dockerBuild(source))))["status"]).toBe("Succeeded");
  });
});

describe("older agents", () => {
  test("give lines and environments to a shell", async () => {
    const { azure, upload, schedule, ended, log } = await quickRuns();
    azure.tasks.settings.splitting = "shell";
    const seen: unknown[] = [];
    azure.tasks.builder = builderOf({ build: async ({ words, env }) => void seen.push(words, env) });
    const sourceLocation = await upload(FILES);
    const step = (build: string, env: string) =>
      encodedTask(`steps: [{id: b, build: ${JSON.stringify(build)}, env: [${JSON.stringify(env)}]}]`, {
        sourceLocation,
      });
    expect((await ended(await schedule(step("--label 'a=$b c' .", "A='b c'"))))["status"]).toBe("Succeeded");
    expect(seen).toEqual([
      ["--label", "a=$b c", "."],
      ["A=b c", "DOCKER_BUILDKIT=0"],
    ]);
    const acts = await schedule(step('--label "a=$b" .', "A=b"));
    expect((await ended(acts))["status"]).toBe("Failed");
    expect(await log(acts)).toContain("the emulator does not run what a shell would make of $");
    expect((await ended(await schedule(step(".", "A=b c"))))["status"]).toBe("Failed");
  });
});

test("An upload that is answered 503 once gets there with the SDK's own retry", async () => {
  const { azure, registry, ask, schedule, ended } = await quickRuns();
  azure.tasks.builder = builderOf();
  const busy = { kind: "respond", status: 503, headers: { "x-ms-error-code": "ServerBusy" } } as const;
  azure.faults.add({ name: "busy", when: { method: "PUT", host: /\.blob\./ }, times: 1 }, busy);
  const { json } = await ask("POST", `${registry}/listBuildSourceUploadUrl`);
  const client = new BlockBlobClient(`${json["uploadUrl"]}`, undefined, {
    httpClient: storageHttpClient(azure),
    retryOptions: { retryDelayInMs: 1, maxRetryDelayInMs: 1 },
  });
  await client.uploadStream(Readable.from([await packContext(FILES)]));
  expect(azure.faults.struck.get("busy")).toBe(1);
  expect((await ended(await schedule(dockerBuild(`${json["relativePath"]}`))))["status"]).toBe("Succeeded");
});

test("Another process sets what goes wrong through the control host", async () => {
  const { azure } = await quickRuns();
  const ask = createControl(azure);
  const patch = { method: "PATCH", url: `https://${CONTROL_HOST}/tasks`, headers: {}, body: '{"forbidden":true}' };
  expect((await ask(patch)).status).toBe(200);
  expect(azure.tasks.settings.forbidden).toBe(true);
});

function logOf(azure: Azure, runId: string) {
  const address = azure.tasks.find(runId)?.plan.log.address;
  if (address === undefined) throw new Error(`No run ${runId}`);
  return address;
}
