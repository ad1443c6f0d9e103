import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { startProxy } from "../azure/proxy.ts";
import { dockerBuild, encodedTask, type QuickRuns, quickRuns } from "../azure/tasks/quick-run.ts";
import { realBuilder } from "../azure/tasks/real-builder.ts";
import type { Json } from "../azure/wire.ts";
import { startBuildkitd } from "../image-tools/buildkitd.ts";
import { type BusyboxContextOptions, createBusyboxContext, INSTALL_BUSYBOX } from "../image-tools/busybox-context.ts";
import { createDockerConfig } from "../image-tools/docker-config.ts";
import { startDockerd } from "../image-tools/dockerd.ts";
import { needTools } from "../image-tools/need-tools.ts";

jest.setTimeout(180_000);

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "mayfly-tasks-"));
});
afterEach(async () => {
  await rm(scratch, { recursive: true, force: true });
});

/** A context with busybox, uploaded as it stands in its folder. */
async function upload(runs: QuickRuns, options: Omit<BusyboxContextOptions, "scratch"> = {}): Promise<string> {
  const folder = await createBusyboxContext({ scratch, ...options });
  await promisify(execFile)("tar", ["-C", folder, "-czf", join(scratch, "context.tgz"), "."]);
  return runs.upload(await readFile(join(scratch, "context.tgz")));
}

/** The config of the image under a tag, with the tag's digest. */
async function pushed({ azure }: QuickRuns, name: string, tag: string): Promise<{ digest: string; config: Json }> {
  const backend = azure.acr.find("mayfly.azurecr.io")?.backend;
  const manifest = await backend?.findManifest(name, tag);
  if (backend === undefined || manifest === undefined) throw new Error(`No ${name}:${tag}`);
  const { config } = JSON.parse(manifest.bytes.toString()) as { readonly config: { readonly digest: string } };
  const chunks: Buffer[] = [];
  for await (const chunk of (await (await backend.findBlob(name, config.digest))?.read()) ?? [])
    chunks.push(chunk as Buffer);
  return { digest: manifest.digest, config: JSON.parse(Buffer.concat(chunks).toString()) as Json };
}

/** Cancels a run once its log says that it got so far; returns how long it then took to end. */
async function cancelAt({ ask, registry, log, ended }: QuickRuns, runId: string, line: string): Promise<number> {
  await until(async () => {
    await ask("GET", `${registry}/runs/${runId}`);
    return (await log(runId)).includes(line);
  });
  const from = performance.now();
  await ask("POST", `${registry}/runs/${runId}/cancel`);
  expect((await ended(runId))["status"]).toBe("Canceled");
  return performance.now() - from;
}

describe("ACR Tasks with a real docker engine", () => {
  test("build, run their steps and push with a real docker, and stop when they are cancelled", async () => {
    const { docker } = needTools("docker.io");
    const runs = await quickRuns({ frozen: false });
    const { azure, schedule, ended, log } = runs;
    await using proxy = await startProxy(azure);
    await using dockerd = await startDockerd({ scratch, proxyEnv: proxy.env });
    const env = { ...dockerd.env, DOCKER_CONFIG: await createDockerConfig(scratch) };
    azure.tasks.builder = realBuilder({ docker, env, ask: (request) => azure.stream(request) });

    const lines = [INSTALL_BUSYBOX, "ARG WHO=nobody", 'RUN echo "hello $WHO" > /said', "CMD cat /said"];
    const source = await upload(runs, { lines });
    const built = await schedule(dockerBuild(source, { arguments: [{ name: "WHO", value: "'you and me'" }] }));
    const { status, outputImages } = await ended(built);
    const text = await log(built);
    expect([status, text.split("\r\n").at(-2)]).toEqual([
      "Succeeded",
      expect.stringMatching(`Run ID: ${built} was successful`),
    ]);
    const { digest } = await pushed(runs, "team/app", "1");
    expect(outputImages).toEqual([{ registry: "mayfly.azurecr.io", repository: "team/app", tag: "1", digest }]);
    expect(text).toContain("Successfully tagged mayfly.azurecr.io/team/app:1");

    const task = await schedule(encodedTask("version: v1.1.0\nsteps:\n  - cmd: $Registry/team/app:1\n"));
    expect((await ended(task))["status"]).toBe("Succeeded");
    expect(await log(task)).toContain("\r\nhello you and me\r\n");

    const mount = await upload(runs, { lines: ["RUN --mount=type=cache,target=/c true"] });
    const older = await schedule(dockerBuild(mount));
    expect((await ended(older))["status"]).toBe("Failed");
    expect(await log(older)).toContain("the --mount option requires BuildKit");

    const endless = await upload(runs, { lines: [INSTALL_BUSYBOX, "RUN echo begun && sleep 600"] });
    const cancelled = await schedule(dockerBuild(endless, { imageNames: ["team/never:1"] }));
    expect(await cancelAt(runs, cancelled, "\r\nbegun\r\n")).toBeLessThan(10_000);
    await expect(pushed(runs, "team/never", "1")).rejects.toThrow("No team/never:1");
  });
});

describe("ACR Tasks with a real buildkitd", () => {
  test("build with BuildKit what the step asks for, push it, and stop when they are cancelled", async () => {
    const { docker } = needTools("docker.io");
    const runs = await quickRuns({ frozen: false });
    const { azure, schedule, ended, log } = runs;
    await using buildkitd = await startBuildkitd({ scratch });
    azure.tasks.builder = realBuilder({ docker, env: buildkitd.env, ask: (request) => azure.stream(request) });

    const lines = [
      INSTALL_BUSYBOX,
      "ARG WHO",
      'RUN --mount=type=secret,id=token test "$(wc -c < /run/secrets/token)" -eq 12',
      'LABEL who="$WHO"',
    ];
    const line =
      "-f Dockerfile -t $Registry/team/app:$ID --build-arg=WHO --secret id=token,env=TOKEN --label 'note=it'\\''s' .";
    const yaml = [
      "version: v1.1.0",
      "steps:",
      "  - id: build",
      `    build: ${JSON.stringify(line)}`,
      "    env: [DOCKER_BUILDKIT=1, WHO=me, 'TOKEN={{.Values.TOKEN}}']",
      "  - id: push",
      "    push: [$Registry/team/app:$ID]",
    ].join("\n");
    const values = [{ name: "TOKEN", value: "s3cret-token", isSecret: true }];
    const runId = await schedule(encodedTask(yaml, { sourceLocation: await upload(runs, { lines }), values }));
    const { status, outputImages } = await ended(runId);
    const text = await log(runId);
    expect([status, text.includes("s3cret-token")]).toEqual(["Succeeded", false]);
    const { digest, config } = await pushed(runs, "team/app", runId);
    expect(outputImages).toEqual([{ registry: "mayfly.azurecr.io", repository: "team/app", tag: runId, digest }]);
    expect(config).toMatchObject({ architecture: expect.any(String), config: { Labels: { who: "me", note: "it's" } } });

    const endless = await upload(runs, { lines: [INSTALL_BUSYBOX, "RUN echo begun && sleep 600"] });
    const cancelled = await schedule(
      encodedTask("steps: [{id: b, build: -t x:1 ., env: [DOCKER_BUILDKIT=1]}]", { sourceLocation: endless }),
    );
    expect(await cancelAt(runs, cancelled, " begun\r\n")).toBeLessThan(10_000);
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let turns = 0; turns < 400; turns += 1) {
    if (await holds().catch(() => false)) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error("It never came to that");
}
