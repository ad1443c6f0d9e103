import { execFile } from "node:child_process";
import { glob, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { type DockerConfig, type DockerConfigOptions, openDockerConfig } from "../../src/docker/config-folder.ts";
import { type Credential, IDENTITY_TOKEN } from "../../src/docker/credential.ts";
import { findDocker } from "../../src/docker/find-docker.ts";
import { readMetadataFile } from "../../src/docker/metadata-file.ts";
import { runBuildx, runDockerBuild, runDockerPush } from "../../src/docker/run-docker.ts";
import { startBuildkitd } from "../image-tools/buildkitd.ts";
import { createBusyboxContext } from "../image-tools/busybox-context.ts";
import { createDockerConfig } from "../image-tools/docker-config.ts";
import { startDockerd } from "../image-tools/dockerd.ts";
import { needTools } from "../image-tools/need-tools.ts";
import { startTokenDoor, type TokenDoor } from "./token-door.ts";

jest.setTimeout(180_000);

const SECRET = "identity-token-number";
let scratch: string;
let count: number;
let faults: unknown[];
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "mayfly-credentials-"));
  count = 0;
  faults = [];
  refused = false;
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

/** What Entra says when there is no token to be had any more. */
const REFUSAL = new Error("AADSTS700024: the assertion is too old\nand more");
const TOLD = "Mayfly has no credential for 127.0.0.1";
let refused: boolean;

/** Gives a token that has never been used, and makes it the only one that the door takes. */
function fresh(door: TokenDoor): (host: string) => Promise<Credential | undefined> {
  return async (host) => {
    if (refused) throw REFUSAL;
    if (host !== door.host) return undefined;
    count += 1;
    door.accept(`${SECRET}-${count}`);
    return { username: IDENTITY_TOKEN, secret: `${SECRET}-${count}` };
  };
}

async function open(
  hosts: readonly string[],
  environment: Readonly<Record<string, string>>,
  change: Pick<DockerConfigOptions, "findCredential"> & Partial<DockerConfigOptions>,
): Promise<DockerConfig & AsyncDisposable> {
  const temp = join(scratch, "temp");
  await mkdir(temp, { recursive: true });
  const config = await openDockerConfig({
    environment: { PATH: process.env["PATH"], ...environment },
    homeFolder: join(scratch, "home"),
    tempFolder: temp,
    platform: process.platform,
    node: process.execPath,
    hosts,
    onFault: (_, error) => faults.push(error),
    onFolder: () => {},
    warn: (sentence) => faults.push(sentence),
    ...change,
  });
  const close = async () => {
    expect(await config.remove()).toBeUndefined();
  };
  return { ...config, [Symbol.asyncDispose]: close };
}

/** The docker of this machine in a step's configuration, and how to call it. */
async function connect(config: DockerConfig) {
  const lines: string[] = [];
  const world = {
    environment: config.environment,
    folder: scratch,
    cancelled: new AbortController().signal,
    onLine: (_: string, line: string) => lines.push(line),
  };
  const { docker: path } = needTools("docker.io");
  const docker = await findDocker({ ...world, find: async () => path });
  if (docker === undefined) throw new Error("there is no docker");
  const call =
    (run: typeof runBuildx) =>
    async (...parameters: readonly string[]) => {
      const { exitCode, tail } = await run({ ...world, docker, parameters });
      if (exitCode !== 0) throw new Error(tail.join("\n"));
    };
  return { docker, lines, buildx: call(runBuildx), build: call(runDockerBuild), push: call(runDockerPush) };
}

const inspect = (config: DockerConfig, image: string) => {
  const { docker } = needTools("docker.io");
  return promisify(execFile)(docker, ["manifest", "inspect", "--insecure", image], { env: config.environment });
};

/** Whether any file below holds a token, or its Base64. */
async function holdsSecret(folder: string): Promise<boolean> {
  for await (const entry of glob("**/*", { cwd: folder, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const content = await readFile(join(entry.parentPath, entry.name), "latin1");
    if (content.includes(SECRET) || content.includes(Buffer.from(SECRET).toString("base64").slice(0, -4))) return true;
  }
  return false;
}

describe("an engine and its docker", () => {
  test("build and push with an identity token that is fresh at each push, and none is on disk", async () => {
    await using door = await startTokenDoor(scratch);
    await using dockerd = await startDockerd({ scratch });
    const environment = { ...dockerd.env, DOCKER_CONFIG: await createDockerConfig(scratch) };
    await using config = await open([door.host], environment, { findCredential: fresh(door) });
    const { docker, build, push } = await connect(config);
    expect(docker).toMatchObject({
      context: "default",
      engine: { reachable: true, version: expect.stringMatching(/^\d+\.\d+/), os: "linux" },
      buildx: {
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        builder: { driver: "docker", severalPlatforms: false },
      },
    });

    const images = ["one", "two"].map((name) => `${door.host}/team/${name}:1`) as [string, string];
    const context = await createBusyboxContext({ scratch, lines: [] });
    await build("build", ...images.map((image) => `--tag=${image}`), context);
    const before = count;
    for (const image of images) await push("push", image);
    // The token of the first push is taken no more when the second is made.
    expect(count).toBeGreaterThanOrEqual(before + 2);
    const posts = door.asked.filter(({ form }) => form["refresh_token"] !== undefined);
    expect(posts.length).toBeGreaterThanOrEqual(2);
    expect(
      posts.every(({ method, form, basic }) => method === "POST" && form["grant_type"] === "refresh_token" && !basic),
    ).toBe(true);
    expect(new Set(posts.map(({ form }) => form["refresh_token"])).size).toBeGreaterThanOrEqual(2);
    expect(await holdsSecret(config.folder)).toBe(false);

    // What is private can be built on, too: the token goes to the engine with the build.
    const onTop = join(scratch, "on-top");
    await mkdir(onTop);
    await writeFile(join(onTop, "Dockerfile"), `FROM ${images[0]}\nLABEL on=top\n`);
    await build("build", "--pull", onTop);
    expect(faults).toEqual([]);

    refused = true;
    await expect(config.ensureCredentials()).rejects.toBe(REFUSAL);
  });
});

describe("buildx", () => {
  test("finds the user's builder in a step's configuration, and pushes with an identity token", async () => {
    await using door = await startTokenDoor(scratch);
    await using buildkitd = await startBuildkitd({ scratch });
    // The user's own folder: plugin, builders, no login.
    const { BUILDX_CONFIG: builders, ...env } = buildkitd.env;
    await using config = await open(
      [door.host],
      { ...env, BUILDX_CONFIG: builders ?? "" },
      { findCredential: fresh(door) },
    );
    const { docker, buildx } = await connect(config);
    expect(docker).toMatchObject({
      engine: { reachable: false, because: expect.stringContaining("docker") },
      buildx: {
        builder: {
          driver: "remote",
          booted: true,
          severalPlatforms: true,
          pushByDigest: true,
          cacheExport: true,
          attestations: true,
          nodes: [{ status: "running", platforms: expect.arrayContaining(["linux/amd64"]) }],
        },
      },
    });

    const context = await createBusyboxContext({ scratch, lines: ["ARG NONE", "MAINTAINER nobody"] });
    const metadataFile = join(scratch, "metadata.json");
    const output = `--output=type=image,name=${door.host}/team/app,push-by-digest=true,name-canonical=true,push=true`;
    await buildx("buildx", "build", "--progress=plain", `--metadata-file=${metadataFile}`, output, context);
    const { digest, warnings } = await readMetadataFile(metadataFile, "api/Dockerfile");
    expect(warnings).toEqual([
      {
        message: expect.stringContaining("MAINTAINER"),
        file: "api/Dockerfile",
        line: 4,
        url: expect.stringContaining("maintainer-deprecated"),
      },
    ]);
    expect(door.asked.length).toBeGreaterThan(0);
    expect(door.asked.every(({ method, form }) => method === "POST" && form["grant_type"] === "refresh_token")).toBe(
      true,
    );
    expect(await holdsSecret(config.folder)).toBe(false);

    // The registry has it under its digest, and a docker without an engine reads it there.
    const { stdout } = await inspect(config, `${door.host}/team/app@${digest}`);
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 2 });
    expect(faults).toEqual([]);

    refused = true;
    await expect(buildx("buildx", "build", "--progress=plain", "--no-cache", output, context)).rejects.toThrow(TOLD);
    expect(faults).toContain(REFUSAL);
  });
});

describe("docker without an engine", () => {
  /** Asked about an image that is not there: who was let in hears so, others hear of no rights. */
  const ask = (config: DockerConfig, host: string) =>
    inspect(config, `${host}/team/none:1`).catch(({ stderr }) => `${stderr}`);

  test("asks the helper for the hosts that are ours, and shows the token as an identity", async () => {
    await using door = await startTokenDoor(scratch);
    await using config = await open([door.host], {}, { findCredential: fresh(door) });
    expect(await ask(config, door.host)).toContain("no such manifest");
    expect(count).toBeGreaterThan(0);
    expect(door.asked.at(-1)).toMatchObject({
      method: "POST",
      form: { refresh_token: expect.stringContaining(SECRET) },
    });
  });

  test("goes on without a credential where there is none", async () => {
    await using door = await startTokenDoor(scratch);
    await using config = await open([door.host], {}, { findCredential: async () => undefined });
    expect(await ask(config, door.host)).toContain("unauthorized");
    expect(door.asked.map(({ method, form, basic }) => [method, form["refresh_token"], basic])).toContainEqual([
      "GET",
      undefined,
      undefined,
    ]);
  });

  test("does not say why a credential could not be had, but our process knows", async () => {
    await using door = await startTokenDoor(scratch);
    await using config = await open([door.host], {}, { findCredential: fresh(door) });
    refused = true;
    expect(await ask(config, door.host)).toContain("unauthorized");
    expect(faults).toContain(REFUSAL);
  });

  test("reads a static credential where the helper cannot work, though the user has a store for all", async () => {
    await using door = await startTokenDoor(scratch);
    const home = join(scratch, "home", ".docker");
    await mkdir(home, { recursive: true });
    await writeFile(join(home, "config.json"), JSON.stringify({ credsStore: "not-installed-anywhere" }));
    await using config = await open([door.host], {}, { findCredential: fresh(door), platform: "win32" });
    expect(await ask(config, door.host)).toContain("no such manifest");
    expect(door.asked.at(-1)?.form["refresh_token"]).toBe(`${SECRET}-1`);
    await config.ensureCredentials();
    expect(await ask(config, door.host)).toContain("no such manifest");
    expect(door.asked.at(-1)?.form["refresh_token"]).toBe(`${SECRET}-2`);
  });

  test("prefers ours to what stands in DOCKER_AUTH_CONFIG", async () => {
    await using door = await startTokenDoor(scratch);
    const old = { auths: { [door.host]: { auth: Buffer.from("old:old").toString("base64") } } };
    const environment = { DOCKER_AUTH_CONFIG: JSON.stringify(old) };
    await using config = await open([door.host], environment, { findCredential: fresh(door) });
    expect(await ask(config, door.host)).toContain("no such manifest");
  });
});
