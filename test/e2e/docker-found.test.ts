import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { bootBuilder } from "../../src/docker/boot-builder.ts";
import { type Docker, findDocker } from "../../src/docker/find-docker.ts";
import { runBuildx, runDockerBuild } from "../../src/docker/run-docker.ts";
import { startBuildkitd } from "../image-tools/buildkitd.ts";
import { createBusyboxContext, INSTALL_BUSYBOX } from "../image-tools/busybox-context.ts";
import { createDockerConfig } from "../image-tools/docker-config.ts";
import { startDockerd } from "../image-tools/dockerd.ts";
import { needTools } from "../image-tools/need-tools.ts";

jest.setTimeout(180_000);

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "mayfly-found-"));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

function world(environment: Readonly<Record<string, string>>, cancelled = new AbortController().signal) {
  const { docker } = needTools("docker.io");
  const PATH = [dirname(docker), "/usr/bin", "/bin"].join(":");
  return { environment: { PATH, HOME: scratch, ...environment }, folder: scratch, cancelled };
}

async function find(environment: Readonly<Record<string, string>>): Promise<Docker> {
  const { docker: path } = needTools("docker.io");
  const docker = await findDocker({ ...world(environment), find: async () => path });
  if (docker === undefined) throw new Error("there is no docker");
  return docker;
}

async function timed<T>(work: Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const before = performance.now();
  const value = await work;
  return { value, ms: performance.now() - before };
}

describe("docker on this machine", () => {
  test("without an engine is told soon, and why", async () => {
    const env = { DOCKER_CONFIG: await createDockerConfig(scratch), DOCKER_HOST: `unix://${scratch}/none.sock` };
    const { value, ms } = await timed(find(env));
    expect(value).toMatchObject({
      cliVersion: expect.stringMatching(/^\d+\.\d+/),
      engine: { reachable: false, because: expect.stringContaining("none.sock") },
      buildx: { builder: { name: "default", driver: undefined, fault: expect.stringContaining("none.sock") } },
    });
    // Nobody waits for an answer: that takes 10 s.
    expect(ms).toBeLessThan(9_000);
  });

  test("with an engine that takes calls and never answers is told in bounded time", async () => {
    const socket = join(scratch, "hung.sock");
    const server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const env = { DOCKER_CONFIG: await createDockerConfig(scratch), DOCKER_HOST: `unix://${socket}` };
    const { value, ms } = await timed(find(env));
    server.close();
    expect(value.engine).toEqual({ reachable: false, because: "it did not answer within 10 s" });
    expect(ms).toBeLessThan(25_000);
  });

  test("has a builder that has not booted: it is not booted by a look, and a failed boot is explained", async () => {
    const { docker } = needTools("docker.io");
    await using dockerd = await startDockerd({ scratch });
    const env = { ...dockerd.env, DOCKER_CONFIG: await createDockerConfig(scratch) };
    // There is nothing to pull from here, so it cannot boot.
    const image = "--driver-opt=image=127.0.0.1:1/moby/buildkit:none";
    const create = ["buildx", "create", "--name=ci", "--use", "--driver=docker-container", image];
    await promisify(execFile)(docker, create, { env: world(env).environment });
    const found = await find(env);
    const builder = found.buildx?.builder;
    expect(builder).toMatchObject({ name: "ci", driver: "docker-container", booted: false, severalPlatforms: true });
    expect((await find(env)).buildx?.builder).toMatchObject({ booted: false });
    const lines: string[] = [];
    const booted = bootBuilder(
      { name: "ci", driver: "docker-container" },
      { ...world(env), path: found.path, onLine: (_, line) => lines.push(line) },
    );
    await expect(booted).rejects.toMatchObject({ code: "builder-not-booted" });
    await expect(booted).rejects.toThrow("127.0.0.1:1");
    expect(lines.join("\n")).toContain("booting buildkit");
  });

  test("builds into the engine's store though another builder is chosen for buildx", async () => {
    const { docker } = needTools("docker.io");
    await using dockerd = await startDockerd({ scratch });
    await using buildkitd = await startBuildkitd({ scratch });
    const env = { ...buildkitd.env, ...dockerd.env };
    const found = await find(env);
    expect(found.buildx?.builder).toMatchObject({ driver: "remote" });
    const context = await createBusyboxContext({ scratch, lines: [] });
    const outcome = await runDockerBuild({
      ...world(env),
      docker: found,
      parameters: ["build", "--tag=here", context],
      onLine: () => {},
    });
    expect(outcome).toMatchObject({ exitCode: 0 });
    const { stdout } = await promisify(execFile)(docker, ["image", "ls", "--quiet", "here"], {
      env: world(env).environment,
    });
    expect(stdout.trim()).toMatch(/^[0-9a-f]{12}$/);
  });
});

describe("a build that is cancelled", () => {
  const SLOW = [INSTALL_BUSYBOX, "RUN echo started && sleep 300"];

  test.each([
    ["buildx with a buildkitd"],
    ["docker build with an engine's BuildKit"],
    ["docker build with the builder from before BuildKit"],
  ])("ends at once, and nothing of it lives on: %s", async (kind) => {
    const withBuildx = kind.startsWith("buildx");
    await using daemon = withBuildx ? await startBuildkitd({ scratch }) : await startDockerd({ scratch });
    // Without the plugin, docker builds as it did before.
    const folder = kind.includes("before") ? join(scratch, "plain") : await createDockerConfig(scratch);
    const env = { DOCKER_CONFIG: folder, ...daemon.env };
    const docker = await find(env);
    const context = await createBusyboxContext({ scratch, lines: SLOW });
    const controller = new AbortController();
    let cancelledAt = Number.NaN;
    const onLine = (_: string, line: string): void => {
      if (!/(?:^|\d )started$/.test(line) || controller.signal.aborted) return;
      cancelledAt = performance.now();
      controller.abort();
    };
    const run = { ...world(env, controller.signal), docker, onLine };
    const outcome = withBuildx
      ? await runBuildx({ ...run, parameters: ["buildx", "build", "--progress=plain", context] })
      : await runDockerBuild({ ...run, parameters: ["build", context] });
    expect(outcome).toMatchObject({ cancelled: true });
    expect(outcome.exitCode).not.toBe(0);
    // The build itself would take five minutes.
    expect(performance.now() - cancelledAt).toBeLessThan(20_000);
    expect(listCommands().filter((command) => command.includes(context))).toEqual([]);
  });
});

/** What runs on this machine, each as its words. */
function listCommands(): readonly string[] {
  return globSync("/proc/[0-9]*/cmdline").flatMap((path) => {
    try {
      return [readFileSync(path, "utf8").replaceAll("\0", " ")];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}
