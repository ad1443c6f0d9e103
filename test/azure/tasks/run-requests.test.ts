import { describe, expect, test } from "@jest/globals";
import { asking } from "../ask.ts";
import { TaskFailure } from "./failure.ts";
import { builderOf, dockerBuild, encodedTask, quickRuns } from "./quick-run.ts";

const DOCKERFILE = { Dockerfile: "FROM scratch\nCOPY a /a\n", a: "hello" };

describe("a task in YAML", () => {
  test("runs its steps in order, with aliases, values and an environment", async () => {
    const { azure, upload, schedule, ended, log } = await quickRuns();
    const seen: string[] = [];
    azure.tasks.builder = builderOf({
      build: async ({ words, env, buildKit }) => void seen.push(`build ${words.join("|")} ${env} ${buildKit}`),
      push: async (image) => {
        seen.push(`push ${image}`);
        return { digest: `sha256:${"cd".repeat(32)}`, size: 1 };
      },
      run: async ({ words, env }) => void seen.push(`run ${words.join("|")} ${env}`),
    });
    const yaml = [
      "version: v1.1.0",
      "steps:",
      "  - id: last",
      "    cmd: bash -c 'echo $$HOME'",
      "    when: [push]",
      "  - id: build",
      `    build: ${JSON.stringify("-t $Registry/app:$ID --label 'a=b c' --build-arg=TOKEN .")}`,
      "    env: [DOCKER_BUILDKIT=1, 'TOKEN={{.Values.TOKEN}}']",
      '    when: ["-"]',
      "  - id: push",
      "    push: [$Registry/app:$ID]",
      "    when: [build]",
    ].join("\n");
    const sourceLocation = await upload(DOCKERFILE);
    const values = [{ name: "TOKEN", value: "s3cret", isSecret: true }];
    const runId = await schedule(encodedTask(yaml, { sourceLocation, values }));
    expect(await ended(runId)).toMatchObject({ status: "Succeeded", runType: "QuickRun" });
    expect(seen).toEqual([
      `build -t|mayfly.azurecr.io/app:${runId}|--label|a=b c|--build-arg=TOKEN|. DOCKER_BUILDKIT=1,TOKEN=s3cret true`,
      `push mayfly.azurecr.io/app:${runId}`,
      "run mcr.microsoft.com/acr/bash:fe316c9|-c|echo $HOME ",
    ]);
    const text = await log(runId);
    expect(text).toContain("Alias support enabled for version >= 1.1.0");
    expect(text).toContain("Network: 'acb_default_network'");
    expect(text).not.toContain("s3cret");
  });

  test("has BuildKit only where it asks for it, and retries and ignores what it says", async () => {
    const { azure, upload, schedule, ended, log } = await quickRuns();
    let tries = 0;
    const environments: string[] = [];
    azure.tasks.builder = builderOf({
      build: async ({ env }) => {
        environments.push(`${env}`);
        tries += 1;
        throw new TaskFailure("exit status 1");
      },
    });
    const yaml = "steps: [{id: a, build: -t x:1 ., retries: 2, ignoreErrors: true}, {id: b, cmd: x}]";
    const runId = await schedule(encodedTask(yaml, { sourceLocation: await upload(DOCKERFILE) }));
    expect((await ended(runId))["status"]).toBe("Succeeded");
    expect([tries, environments[0]]).toEqual([3, "DOCKER_BUILDKIT=0"]);
    expect(await log(runId)).toContain("is set to ignore errors. Continuing...");
  });

  test("may lie in the source, with its values", async () => {
    const { azure, upload, schedule, ended, log } = await quickRuns();
    const seen: string[] = [];
    azure.tasks.builder = builderOf({ run: async ({ words }) => void seen.push(...words) });
    const files = {
      "ci/task.yaml": "steps: [{cmd: 'x {{.Values.a}} {{.Values.b}}'}]",
      "ci/values.yaml": "a: 1\nb: 2\n",
    };
    const request = {
      ...{ type: "FileTaskRunRequest", taskFilePath: "ci/task.yaml", valuesFilePath: "ci/values.yaml" },
      ...{ platform: { os: "Linux" }, sourceLocation: await upload(files), values: [{ name: "b", value: "3" }] },
    };
    expect((await ended(await schedule(request)))["status"]).toBe("Succeeded");
    expect(seen).toEqual(["x", "1", "3"]);
    const none = await schedule({ ...request, taskFilePath: "none.yaml" });
    expect((await ended(none))["status"]).toBe("Failed");
    expect(await log(none)).toContain("open none.yaml: no such file or directory");
  });

  test("fails where it is none", async () => {
    const { schedule, ended, log } = await quickRuns();
    const runId = await schedule(encodedTask("steps: [{id: a}]"));
    expect((await ended(runId))["status"]).toBe("Failed");
    expect(await log(runId)).toContain("step is missing a cmd, build, or push property");
    const cycle = await schedule(encodedTask("steps: [{id: a, cmd: x, when: [b]}, {id: b, cmd: x, when: [a]}]"));
    expect((await ended(cycle))["status"]).toBe("Failed");
  });
});

describe("a request for a run", () => {
  test.each([
    [{ platform: {} }, "The platform's os is required."],
    [{ platform: { os: "Windows" } }, "The emulator has no agent for Windows."],
    [{ dockerFilePath: undefined }, "The dockerFilePath is required."],
    [{ type: "TaskRunRequest" }, "The emulator does not know runs of type 'TaskRunRequest'."],
    [{ type: "FileTaskRunRequest" }, "The taskFilePath is required."],
    [{ type: "EncodedTaskRunRequest" }, "The encodedTaskContent is required."],
    [{ sourceLocation: "https://github.com/o/r.git" }, "The emulator takes only sources that were uploaded."],
    [{ sourceLocation: "source/none.tar.gz" }, "The source location 'source/none.tar.gz' does not exist."],
  ])("is refused with %j", async (more, message) => {
    const { registry, ask } = await quickRuns();
    const body = dockerBuild("source/x.tar.gz", more);
    expect(await ask("POST", `${registry}/scheduleRun`, body)).toMatchObject({
      status: 400,
      code: "InvalidRequest",
      message,
    });
  });

  test("names a registry that is there", async () => {
    const { registry, ask } = await quickRuns();
    const other = await ask("POST", `${registry}2/scheduleRun`, dockerBuild("source/x.tar.gz"));
    expect(other).toMatchObject({ status: 404, code: "ResourceNotFound" });
  });

  test("needs the right to it, as do the link to upload and the log", async () => {
    const { azure, team, registry } = await quickRuns({ role: "Reader" });
    const reader = asking(azure, team);
    for (const action of ["scheduleRun", "listBuildSourceUploadUrl"]) {
      const { status, code, message } = await reader(
        "POST",
        `${registry}/${action}?api-version=2025-03-01-preview`,
        {},
      );
      expect([status, code]).toEqual([403, "AuthorizationFailed"]);
      expect(message).toContain(`'Microsoft.ContainerRegistry/registries/${action}/action' over scope '${registry}'`);
    }
  });
});

test("What is uploaded is only taken as an archive that stays in its folder", async () => {
  const { azure, schedule, ended, log, ask, registry } = await quickRuns();
  azure.tasks.builder = builderOf();
  const { json } = await ask("POST", `${registry}/listBuildSourceUploadUrl`);
  const headers = { "x-ms-blob-type": "BlockBlob" };
  await azure.answer({ method: "PUT", url: `${json["uploadUrl"]}`, headers, body: "no archive" });
  const runId = await schedule(dockerBuild(`${json["relativePath"]}`));
  expect((await ended(runId))["status"]).toBe("Failed");
  expect(await log(runId)).toContain("failed to untar");
});
