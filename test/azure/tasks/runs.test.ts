import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import { TaskFailure } from "./failure.ts";
import { builderOf, dockerBuild, quickRuns } from "./quick-run.ts";

const DOCKERFILE = { Dockerfile: "FROM scratch\nCOPY a /a\n", a: "hello" };

describe("a quick run", () => {
  test("is queued, starts, runs and succeeds by the clock and the builder", async () => {
    const { azure, registry, ask, upload, schedule, run, ended } = await quickRuns();
    const gate = Promise.withResolvers<void>();
    azure.tasks.builder = builderOf({ build: () => gate.promise });
    Object.assign(azure.tasks.settings, { queuedSeconds: 10, startedSeconds: 5, statusLagSeconds: 20 });
    const source = await upload(DOCKERFILE);
    const scheduled = await ask("POST", `${registry}/scheduleRun`, dockerBuild(source));
    const runId = `${scheduled.json["name"]}`;
    expect([scheduled.status, scheduled.json]).toEqual([
      200,
      {
        id: `${registry}/runs/${runId}`,
        name: runId,
        type: "Microsoft.ContainerRegistry/registries/runs",
        properties: expect.objectContaining({
          runId,
          status: "Queued",
          runType: "QuickBuild",
          createTime: "2026-11-21T09:00:00.000Z",
          platform: { os: "linux", architecture: "amd64" },
          agentConfiguration: { cpu: 2 },
          provisioningState: "Succeeded",
          isArchiveEnabled: false,
        }),
      },
    ]);
    azure.clock.advance(10_000);
    expect((await run(runId))["status"]).toBe("Started");
    azure.clock.advance(5_000);
    expect(await run(runId)).toMatchObject({ status: "Running", startTime: "2026-11-21T09:00:15.000Z" });
    azure.clock.advance(7_000);
    gate.resolve();
    await azure.tasks.idle();
    expect((await run(runId))["status"]).toBe("Running");
    azure.clock.advance(20_000);
    expect(await run(runId)).toMatchObject({
      status: "Succeeded",
      finishTime: "2026-11-21T09:00:22.000Z",
      outputImages: [
        { registry: "mayfly.azurecr.io", repository: "team/app", tag: "1", digest: `sha256:${"ab".repeat(32)}` },
      ],
    });
    expect(await ended(await schedule(dockerBuild(source)))).toMatchObject({ status: "Succeeded" });
  });

  test("unpacks its source for the builder, and leaves nothing behind", async () => {
    const { azure, upload, schedule, ended } = await quickRuns();
    let seen = "";
    let workspace = "";
    azure.tasks.builder = (job) =>
      builderOf({
        build: async ({ folder, words }) => {
          workspace = job.workspace;
          seen = `${await readFile(`${folder}/deep/er/a`, "utf8")} ${(await readdir(job.workspace)).sort()} ${words}`;
        },
      })(job);
    const request = dockerBuild(await upload({ ...DOCKERFILE, "deep/er/a": "content" }), {
      ...{ noCache: true, target: "prod", arguments: [{ name: "A", value: "'b c'", isSecret: true }] },
      platform: { os: "Linux", architecture: "arm64" },
    });
    await ended(await schedule(request));
    const flags =
      "--no-cache,-f,Dockerfile,-t,mayfly.azurecr.io/team/app:1,--build-arg,A=b c,--target,prod,--platform,linux/arm64,.";
    expect(seen).toBe(`content Dockerfile,a,deep ${flags}`);
    expect(existsSync(workspace)).toBe(false);
  });

  test("writes its log while it works, and marks its end before its status tells", async () => {
    const { azure, registry, ask, upload, schedule, run, log } = await quickRuns();
    const gate = Promise.withResolvers<void>();
    azure.tasks.builder = (job) =>
      builderOf({
        build: async () => {
          job.print("Step 1/2 : FROM scratch\n");
          await gate.promise;
        },
      })(job);
    const runId = await schedule(dockerBuild(await upload(DOCKERFILE)));
    const { json } = await ask("POST", `${registry}/runs/${runId}/listLogSasUrl`);
    const head = async () => azure.answer({ method: "HEAD", url: `${json["logLink"]}`, headers: {} });
    expect(await head()).toMatchObject({ status: 404, headers: { "x-ms-error-code": "BlobNotFound" } });
    azure.clock.advance(1000);
    await until(async () => (await log(runId)).includes("Step 1/2"));
    const half = await log(runId);
    expect((await head()).headers["x-ms-meta-Complete"]).toBeUndefined();
    gate.resolve();
    await azure.tasks.idle();
    expect((await head()).headers["x-ms-meta-Complete"]).toBe("successful");
    expect((await run(runId))["status"]).toBe("Running");
    const whole = await log(runId);
    expect(whole.startsWith(half)).toBe(true);
    expect(withoutTimes(whole)).toEqual([
      "T Downloading source code...",
      "T Finished downloading source code",
      "T Using acb_vol_<guid> as the home volume",
      "T Setting up Docker configuration...",
      "T Successfully set up Docker configuration",
      "T Logging in to registry: mayfly.azurecr.io",
      "T Successfully logged into mayfly.azurecr.io",
      "T Executing step ID: build. Timeout(sec): 28800, Working directory: '', Network: ''",
      "T Scanning for dependencies...",
      "T Successfully scanned dependencies",
      "T Launching container with name: build",
      "Step 1/2 : FROM scratch",
      "T Successfully executed container: build",
      "T Executing step ID: push. Timeout(sec): 1800, Working directory: '', Network: ''",
      "T Pushing image: mayfly.azurecr.io/team/app:1, attempt 1",
      "T Successfully pushed image: mayfly.azurecr.io/team/app:1",
      "T Step ID: build marked as successful (elapsed time in seconds: N)",
      "T Populating digests for step ID: build...",
      "T Successfully populated digests for step ID: build",
      "T Step ID: push marked as successful (elapsed time in seconds: N)",
      "T The following dependencies were found:",
      "- image:",
      "    registry: mayfly.azurecr.io",
      "    repository: team/app",
      "    tag: 1",
      `    digest: sha256:${"ab".repeat(32)}`,
      "  runtime-dependency:",
      "    registry: registry.hub.docker.com",
      "    repository: library/scratch",
      "    tag: latest",
      "  git: {}",
      "",
      "",
      `Run ID: ${runId} was successful after 0s`,
      "",
    ]);
  });

  test("fails with the builder, and says so at the end of its log", async () => {
    const { azure, upload, schedule, ended, log } = await quickRuns();
    azure.tasks.builder = builderOf({
      build: async () => {
        throw new TaskFailure("exit status 1");
      },
    });
    const runId = await schedule(dockerBuild(await upload(DOCKERFILE)));
    expect(await ended(runId)).toMatchObject({
      status: "Failed",
      runErrorMessage: "failed during run, err: exit status 1",
    });
    expect(withoutTimes(await log(runId)).slice(-5)).toEqual([
      "T Container failed during run: build. No retries remaining.",
      "failed to run step ID: build: exit status 1",
      "",
      `Run ID: ${runId} failed after 0s. Error: failed during run, err: exit status 1`,
      "",
    ]);
    expect(azure.blobs.find(logOf(azure, runId))?.metadata).toEqual({ Complete: "failed" });
  });

  test("is listed, filtered, archived and gone with its group", async () => {
    const { azure, registry, ask, upload, schedule, ended } = await quickRuns();
    azure.tasks.builder = builderOf();
    const source = await upload(DOCKERFILE);
    const first = await schedule(dockerBuild(source));
    await ended(first);
    azure.tasks.settings.queuedSeconds = Number.POSITIVE_INFINITY;
    const second = await schedule(dockerBuild(source));
    expect((await ask("GET", `${registry}/runs`)).names).toEqual([first, second]);
    expect((await ask("GET", `${registry}/runs?$filter=status eq 'Queued'`)).names).toEqual([second]);
    expect((await ask("GET", `${registry}/runs?$top=1`)).names).toEqual([first]);
    expect((await ask("GET", `${registry}/runs?$filter=color eq 'red'`)).code).toBe("InvalidFilterInQueryString");
    expect((await ask("GET", `${registry}/runs/none`)).status).toBe(404);
    azure.arm.remove(registry.replace(/\/providers.*/, ""));
    expect(azure.tasks.find(second)?.status).toBe("Canceled");
  });
});

describe("a cancelled run", () => {
  test("stops its builder, and is over when that is", async () => {
    const { azure, registry, ask, upload, schedule, run, ended, log } = await quickRuns();
    const stopped = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    azure.tasks.builder = builderOf({
      build: ({ signal }) => {
        begun.resolve();
        return new Promise((_, reject) => {
          signal.addEventListener("abort", () => void stopped.promise.then(() => reject(new TaskFailure("killed"))));
        });
      },
    });
    const runId = await schedule(dockerBuild(await upload(DOCKERFILE)));
    azure.clock.advance(1000);
    await run(runId);
    await begun.promise;
    azure.clock.advance(2000);
    expect(await ask("POST", `${registry}/runs/${runId}/cancel`)).toMatchObject({ status: 200, text: "" });
    expect((await run(runId))["status"]).toBe("Running");
    stopped.resolve();
    expect((await ended(runId))["status"]).toBe("Canceled");
    expect(await log(runId)).toMatch(new RegExp(`Run ID: ${runId} was canceled after 2s\r\n$`));
    expect(azure.blobs.find(logOf(azure, runId))?.metadata).toEqual({ Complete: "canceled" });
    expect((await ask("POST", `${registry}/runs/${runId}/cancel`)).status).toBe(200);
    expect((await run(runId))["status"]).toBe("Canceled");
  });

  test("never begins where it still waits", async () => {
    const { azure, registry, ask, upload, schedule, run } = await quickRuns();
    const runId = await schedule(dockerBuild(await upload(DOCKERFILE)));
    await ask("POST", `${registry}/runs/${runId}/cancel`);
    expect((await run(runId))["status"]).toBe("Canceled");
    azure.clock.advance(60_000);
    expect((await run(runId))["status"]).toBe("Canceled");
  });
});

function logOf(azure: Awaited<ReturnType<typeof quickRuns>>["azure"], runId: string) {
  const address = azure.tasks.find(runId)?.plan.log.address;
  if (address === undefined) throw new Error(`No run ${runId}`);
  return address;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let turns = 0; turns < 200; turns += 1) {
    if (await holds().catch(() => false)) return;
    await new Promise((done) => setTimeout(done, 5));
  }
  throw new Error("It never came to that");
}

function withoutTimes(log: string): readonly string[] {
  return log.split("\r\n").map((line) =>
    line
      .replace(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /, "T ")
      .replace(/acb_vol_[0-9a-f-]{36}/, "acb_vol_<guid>")
      .replace(/seconds: [\d.]+/, "seconds: N"),
  );
}
