import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Docker } from "../../src/docker/find-docker.ts";
import { decideBuildKit, runBuildx, runDockerBuild, runDockerPush } from "../../src/docker/run-docker.ts";
import { installDocker } from "./fake-docker.ts";

let folder: string;
let docker: Docker;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "docker-test-"));
  docker = {
    path: await installDocker(folder, { "": 'echo "$@"; env | sort' }),
    cliVersion: "28.2.2",
    context: "remote",
    engine: { reachable: true, version: "28.2.2", os: "linux", architecture: "amd64" },
    buildx: undefined,
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The words and the variables that docker got. */
async function see(run: typeof runBuildx, sourceDateEpoch?: number) {
  const lines: string[] = [];
  const { exitCode } = await run({
    docker,
    parameters: ["build", "--tag=$(id)"],
    environment: { PATH: process.env["PATH"], DOCKER_CONFIG: "isolated", BUILDX_BUILDER: "ci", SOURCE_DATE_EPOCH: "1" },
    folder,
    onLine: (_, line) => lines.push(line),
    cancelled: new AbortController().signal,
    sourceDateEpoch,
  });
  const [words, ...variables] = lines;
  return { exitCode, words, variables: Object.fromEntries(variables.map((line) => line.split("=", 2))) };
}

describe("docker is called", () => {
  test("with buildx in its own environment, and tells warnings in the metadata file", async () => {
    const { exitCode, words, variables } = await see(runBuildx, 1_700_000_000);
    expect({ exitCode, words }).toEqual({ exitCode: 0, words: "build --tag=$(id)" });
    expect(variables).toMatchObject({
      DOCKER_CONFIG: "isolated",
      BUILDX_BUILDER: "ci",
      BUILDX_METADATA_WARNINGS: "true",
      SOURCE_DATE_EPOCH: "1700000000",
      DOCKER_CLI_HINTS: "false",
    });
  });

  test("to build into the engine's own store, whatever builder is chosen for buildx", async () => {
    expect((await see(runDockerBuild)).variables).toMatchObject({
      DOCKER_BUILDKIT: "0",
      BUILDX_BUILDER: "remote",
      SOURCE_DATE_EPOCH: "1",
    });
  });

  test("to push with nothing added but quiet", async () => {
    expect((await see(runDockerPush)).variables).toMatchObject({ BUILDX_BUILDER: "ci", DOCKER_SCAN_SUGGEST: "false" });
  });
});

describe("BuildKit is asked for", () => {
  const buildx = { version: "0.36.1", builder: { fault: "none" } };
  test.each([
    ["by a docker that is buildx when it builds", { buildx }, "1"],
    ["by one before 23, which has it in itself", { cliVersion: "20.10.24" }, "1"],
    ["not without buildx from 23 on, where it would be an error", { cliVersion: "23.0.0" }, "0"],
    ["not by one of an unknown version", { cliVersion: undefined }, "0"],
    [
      "never for Windows containers",
      { buildx, engine: { reachable: true as const, version: "28", os: "windows", architecture: "amd64" } },
      "0",
    ],
  ])("%s", (_, change, expected) => {
    expect(decideBuildKit({ ...docker, ...change })).toBe(expected);
  });
});
