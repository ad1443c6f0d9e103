import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  type DockerConfig,
  type DockerConfigOptions,
  openDockerConfig,
  removeDockerConfig,
} from "../../src/docker/config-folder.ts";
import { IDENTITY_TOKEN } from "../../src/docker/credential.ts";

const HOST = "team.azurecr.io";
let scratch: string;
let home: string;
let temp: string;
let opened: DockerConfig[];
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "config-test-"));
  home = join(scratch, "home");
  temp = join(scratch, "temp");
  opened = [];
  await Promise.all([mkdir(join(home, ".docker"), { recursive: true }), mkdir(temp)]);
});
afterEach(async () => {
  for (const config of opened) await config.remove();
  await rm(scratch, { recursive: true, force: true });
});

async function open(change: Partial<DockerConfigOptions> = {}) {
  const seen = { warnings: [] as string[], folders: [] as string[], faults: [] as unknown[] };
  const config = await openDockerConfig({
    environment: { PATH: "/usr/bin", KEPT: "yes", ABSENT: undefined },
    homeFolder: home,
    tempFolder: temp,
    platform: "linux",
    node: process.execPath,
    hosts: [HOST],
    findCredential: async () => ({ username: IDENTITY_TOKEN, secret: "refresh-token" }),
    onFault: (_, error) => seen.faults.push(error),
    onFolder: (folder) => seen.folders.push(folder),
    warn: (sentence) => seen.warnings.push(sentence),
    ...change,
  });
  opened.push(config);
  const read = async () => JSON.parse(await readFile(join(config.folder, "config.json"), "utf8"));
  return { config, read, ...seen };
}

const saveUser = (settings: unknown, folder = join(home, ".docker")): Promise<void> =>
  writeFile(join(folder, "config.json"), typeof settings === "string" ? settings : JSON.stringify(settings));

describe("docker's configuration for a step", () => {
  test("is for this user only, and names no secret", async () => {
    const { config, read, folders } = await open();
    expect(folders).toEqual([config.folder]);
    expect((await stat(config.folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(config.folder, "config.json"))).mode & 0o777).toBe(0o600);
    expect(await read()).toEqual({ auths: {}, credHelpers: { [HOST]: "mayfly" } });
  });

  test("keeps what the user has set up, but for the registry that is ours", async () => {
    const settings = {
      auths: { "ghcr.io": { auth: "bWU6cGF0" }, [HOST]: { auth: "b2xkOm9sZA==" } },
      credHelpers: { "gcr.io": "gcloud", [HOST]: "acr" },
      credsStore: "desktop",
      proxies: { default: { httpsProxy: "http://proxy:3128" } },
      HttpHeaders: { "X-Team": "a" },
      currentContext: "remote",
      aliases: { builder: "buildx" },
    };
    await saveUser(settings);
    const { read } = await open();
    expect(await read()).toEqual({
      ...settings,
      auths: { "ghcr.io": { auth: "bWU6cGF0" } },
      credHelpers: { "gcr.io": "gcloud", [HOST]: "mayfly" },
    });
    expect(JSON.parse(await readFile(join(home, ".docker/config.json"), "utf8"))).toEqual(settings);
  });

  test("finds contexts, plugins, keys and builders where the user has them", async () => {
    const user = join(home, ".docker");
    for (const name of ["contexts", "cli-plugins"]) await mkdir(join(user, name));
    await writeFile(join(user, "contexts", "meta"), "m");
    await writeFile(join(user, "ca.pem"), "ca");
    const { config } = await open();
    expect((await readdir(config.folder)).sort()).toEqual([
      "ca.pem",
      "cli-plugins",
      "config.json",
      "contexts",
      "helper",
    ]);
    expect(await readFile(join(config.folder, "contexts", "meta"), "utf8")).toBe("m");
    expect(await readFile(join(config.folder, "ca.pem"), "utf8")).toBe("ca");
    expect(config.environment["BUILDX_CONFIG"]).toBe(join(user, "buildx"));
    await config.remove();
    expect((await readdir(user)).sort()).toEqual(["ca.pem", "cli-plugins", "contexts"]);
    expect(await readdir(join(user, "contexts"))).toEqual(["meta"]);
  });

  test("follows DOCKER_CONFIG and BUILDX_CONFIG of the job", async () => {
    const own = join(scratch, "own");
    await mkdir(own);
    await saveUser({ currentContext: "own" }, own);
    const first = await open({ environment: { DOCKER_CONFIG: own } });
    expect(await first.read()).toMatchObject({ currentContext: "own" });
    expect(first.config.environment["BUILDX_CONFIG"]).toBe(join(own, "buildx"));
    const second = await open({ environment: { DOCKER_CONFIG: own, BUILDX_CONFIG: join(scratch, "builders") } });
    expect(second.config.environment["BUILDX_CONFIG"]).toBe(join(scratch, "builders"));
  });

  test("is told to docker in the job's environment, the helper first on PATH", async () => {
    const { config } = await open();
    expect(config.environment).toEqual({
      PATH: `${join(config.folder, "helper")}${delimiter}/usr/bin`,
      KEPT: "yes",
      DOCKER_CONFIG: config.folder,
      BUILDX_CONFIG: join(home, ".docker/buildx"),
      MAYFLY_NODE: process.execPath,
    });
  });

  test.each([
    ["no JSON, and does not quote it", '{"auths": {"x": {"auth": "hunter2"', "it is not JSON."],
    ["no object", "[1]", "it is not a JSON object."],
  ])("that is %s is left out with a warning", async (_, text, because) => {
    await saveUser(text);
    const { read, warnings } = await open();
    expect(await read()).toEqual({ auths: {}, credHelpers: { [HOST]: "mayfly" } });
    expect(warnings).toEqual([expect.stringContaining(because)]);
    expect(warnings.join()).not.toContain("hunter2");
  });

  test("that is a folder is left out with a warning, and none at all is no fault", async () => {
    await mkdir(join(home, ".docker/config.json"));
    expect((await open()).warnings).toEqual([expect.stringContaining("EISDIR")]);
    expect((await open({ homeFolder: join(scratch, "nobody") })).warnings).toEqual([]);
  });

  test.each([
    ["only ours", { auths: { [HOST]: { auth: "eA==" } } }, undefined],
    [
      "ours and another",
      { auths: { [HOST]: { auth: "eA==" }, "ghcr.io": { auth: "eQ==" } } },
      { auths: { "ghcr.io": { auth: "eQ==" } } },
    ],
    ["another", { auths: { "ghcr.io": { auth: "eQ==" } } }, { auths: { "ghcr.io": { auth: "eQ==" } } }],
  ])("goes before DOCKER_AUTH_CONFIG with %s", async (_, variable, kept) => {
    const { config } = await open({ environment: { DOCKER_AUTH_CONFIG: JSON.stringify(variable) } });
    const left = config.environment["DOCKER_AUTH_CONFIG"];
    expect(left === undefined ? undefined : JSON.parse(left)).toEqual(kept);
  });

  test("hands none of the action's inputs on: tokens may be among them", async () => {
    const { config } = await open({ environment: { "INPUT_GHCR-TOKEN": "t", NPM_TOKEN: "n" } });
    expect(config.environment).toMatchObject({ NPM_TOKEN: "n" });
    expect(Object.keys(config.environment).filter((name) => name.startsWith("INPUT_"))).toEqual([]);
  });

  test("is removed by main or by post, once or twice, and nobody is answered any more", async () => {
    const { config } = await open();
    expect(await removeDockerConfig(config.folder, temp)).toBeUndefined();
    expect(await config.remove()).toBeUndefined();
    expect(await config.remove()).toBeUndefined();
    expect(await readdir(temp)).toEqual([]);
    expect(await removeDockerConfig(scratch, temp)).toContain("not a folder that acr-build-push makes");
  });

  test("that cannot be made says that the runner's scratch folder is at fault", async () => {
    await expect(open({ tempFolder: join(scratch, "missing") })).rejects.toMatchObject({ code: "runner-files" });
  });
});

describe("where the helper cannot work", () => {
  test("credentials stand in the file as docker login writes them, and are renewed before docker is called", async () => {
    await saveUser({ credsStore: "wincred", auths: { "ghcr.io": { auth: "bWU6cGF0" } } });
    let count = 0;
    const { config, read } = await open({
      platform: "win32",
      hosts: [HOST, "ghcr.io", "public.example.com"],
      findCredential: async (host) => {
        if (host === HOST) return { username: IDENTITY_TOKEN, secret: `token ${++count}` };
        return host === "ghcr.io" ? { username: "me", secret: "pass" } : undefined;
      },
    });
    const logins = (token: string) => ({
      [HOST]: { auth: "MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwOg==", identitytoken: token },
      "ghcr.io": { auth: "bWU6cGFzcw==" },
    });
    const rest = { credsStore: "wincred", credHelpers: { [HOST]: "", "ghcr.io": "", "public.example.com": "" } };
    expect(config.asks).toBe(false);
    expect(config.environment).toMatchObject({ PATH: "/usr/bin", DOCKER_CONFIG: config.folder });
    expect(await read()).toEqual({ ...rest, auths: logins("token 1") });
    await config.ensureCredentials();
    expect(await read()).toEqual({ ...rest, auths: logins("token 2") });
    expect((await lstat(join(config.folder, "config.json"))).mode & 0o777).toBe(0o600);
  });

  test("one that cannot be had is told at once, and post finds the folder", async () => {
    const folders: string[] = [];
    const failed = open({
      platform: "win32",
      findCredential: () => Promise.reject(new Error("refused")),
      onFolder: (folder) => folders.push(folder),
    });
    await expect(failed).rejects.toThrow("refused");
    expect(await removeDockerConfig(folders[0] ?? "", temp)).toBeUndefined();
    expect(await readdir(temp)).toEqual([]);
  });
});

test("docker is not called in vain: a credential that cannot be had is told before", async () => {
  const { config } = await open({ findCredential: () => Promise.reject(new Error("refused")) });
  await expect(config.ensureCredentials()).rejects.toThrow("refused");
});

test("a file that docker may rewrite while it runs is not ours to lose: with the helper it is written once", async () => {
  const { config, read } = await open();
  await writeFile(join(config.folder, "config.json"), '{"changed": true}');
  await config.ensureCredentials();
  expect(await read()).toEqual({ changed: true });
});
