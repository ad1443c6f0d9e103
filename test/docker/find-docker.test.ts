import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { askDocker } from "../../src/docker/ask-docker.ts";
import { bootBuilder } from "../../src/docker/boot-builder.ts";
import { findDocker } from "../../src/docker/find-docker.ts";
import { installDocker, say } from "./fake-docker.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "docker-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const world = (cancelled = new AbortController().signal) => ({
  environment: { PATH: process.env["PATH"] },
  folder,
  cancelled,
});
const find = (path: string | undefined, cancelled?: AbortSignal) =>
  findDocker({ ...world(cancelled), find: async () => path });

const CLIENT = { Version: "28.2.2", Context: "default" };
const SERVER = { Version: "20.10.24", Os: "linux", Arch: "amd64" };
const VERSION = say(JSON.stringify({ Client: CLIENT, Server: SERVER }));
const BUILDER = say("Name: ci\nDriver: docker-container\n\nNodes:\nName: ci0\nStatus: inactive\n");
const BUILDX = { "buildx version": say("github.com/docker/buildx v0.36.1 abc"), "buildx inspect": BUILDER };

describe("the docker of this machine", () => {
  test("is its CLI, its engine, buildx and the current builder", async () => {
    const path = await installDocker(folder, { version: VERSION, ...BUILDX });
    expect(await find(path)).toEqual({
      path,
      cliVersion: "28.2.2",
      context: "default",
      engine: { reachable: true, version: "20.10.24", os: "linux", architecture: "amd64" },
      buildx: { version: "0.36.1", builder: expect.objectContaining({ name: "ci", booted: false }) },
    });
  });

  test("is none without docker on PATH", async () => {
    expect(await find(undefined)).toBeUndefined();
  });

  test("has no engine when none answers, and says why in docker's words", async () => {
    const version = `${say(JSON.stringify({ Client: CLIENT, Server: null }))} echo "Cannot connect to the engine" >&2; exit 1`;
    expect(await find(await installDocker(folder, { version }))).toMatchObject({
      cliVersion: "28.2.2",
      engine: { reachable: false, because: "Cannot connect to the engine" },
      buildx: undefined,
    });
  });

  test.each([
    ["no JSON", "echo Docker"],
    ["nothing", "exit 0"],
    ["JSON of another shape", "echo '[]'"],
  ])("that says %s has no engine and no version", async (_, version) => {
    expect(await find(await installDocker(folder, { version }))).toMatchObject({
      cliVersion: undefined,
      engine: { reachable: false, because: "no engine answered" },
    });
  });

  test("has no buildx when what answers to that name is another tool", async () => {
    const path = await installDocker(folder, { version: VERSION, "buildx version": "echo buildah 1.33" });
    expect(await find(path)).toMatchObject({ buildx: undefined });
  });

  test("has buildx without a builder when the chosen one does not exist", async () => {
    const inspect = "echo 'ERROR: no builder \"gone\" found' >&2; exit 1";
    const path = await installDocker(folder, { version: VERSION, ...BUILDX, "buildx inspect": inspect });
    expect((await find(path))?.buildx).toEqual({ version: "0.36.1", builder: { fault: 'no builder "gone" found' } });
  });

  test("is not looked at any longer when the job is cancelled", async () => {
    const path = await installDocker(folder, { version: "exec sleep 300" });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 200);
    const before = performance.now();
    await expect(find(path, controller.signal)).rejects.toMatchObject({ code: "cancelled" });
    expect(performance.now() - before).toBeLessThan(9_000);
  });

  test("that cannot be run is a fault of the machine", async () => {
    const path = join(folder, "docker");
    await writeFile(path, "");
    await expect(find(path)).rejects.toMatchObject({ code: "tool-not-runnable" });
  });
});

describe("a question to docker", () => {
  test("is given up after its limit, and what was said by then does not count", async () => {
    const path = await installDocker(folder, { version: "echo half; exec sleep 300" });
    const before = performance.now();
    expect(await askDocker({ ...world(), path, parameters: ["version"], limitMs: 500 })).toEqual({
      kind: "silent",
      because: "it did not answer within 0.5 s",
    });
    expect(performance.now() - before).toBeLessThan(9_000);
  });

  test("that a signal ends has no answer", async () => {
    const path = await installDocker(folder, { version: "kill -9 $$" });
    expect(await askDocker({ ...world(), path, parameters: ["version"], limitMs: 9_000 })).toEqual({
      kind: "silent",
      because: "docker was ended by SIGKILL",
    });
  });
});

describe("a builder that has not booted", () => {
  const boot = async (bootstrap: string, inspect: string) => {
    const path = await installDocker(folder, {
      "buildx inspect --bootstrap ci": bootstrap,
      "buildx inspect ci": inspect,
    });
    const lines: string[] = [];
    const request = { ...world(), path, onLine: (_: string, line: string) => lines.push(line) };
    return { lines, builder: bootBuilder({ name: "ci", driver: "docker-container" }, request) };
  };
  const RUNNING = say(
    "Name: ci\nDriver: docker-container\n\nNodes:\nName: ci0\nStatus: running\nPlatforms: linux/amd64\n",
  );

  test("is started, and tells its platforms then", async () => {
    const { builder, lines } = await boot("echo '#1 booting buildkit' >&2", RUNNING);
    expect(await builder).toMatchObject({ booted: true, nodes: [{ platforms: ["linux/amd64"] }] });
    expect(lines).toEqual(["#1 booting buildkit"]);
  });

  test("and does not start is a fault of its own, with buildx's words and what to do", async () => {
    const { builder } = await boot("echo 'ERROR: toomanyrequests: rate limit' >&2; exit 1", RUNNING);
    await expect(builder).rejects.toMatchObject({ code: "builder-not-booted" });
    await expect(builder).rejects.toThrow(/ci \(docker-container\).*toomanyrequests.*driver-opts: image=/s);
  });

  test("and fails after its start is a fault too", async () => {
    const { builder } = await boot("exit 0", say("Name: ci\nDriver: docker-container\nError: gone again"));
    await expect(builder).rejects.toThrow(/gone again/);
  });
});
