import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { createAzure } from "../azure/azure.ts";
import { signingKeyOf } from "../azure/jwt.ts";
import { startProxy } from "../azure/proxy.ts";
import type { StreamedRequest, StreamedResponse } from "../azure/wire.ts";
import { startBuildkitd } from "../image-tools/buildkitd.ts";
import { createBusyboxContext, INSTALL_BUSYBOX } from "../image-tools/busybox-context.ts";
import { createDockerConfig } from "../image-tools/docker-config.ts";
import { startDockerd } from "../image-tools/dockerd.ts";
import { needTools } from "../image-tools/need-tools.ts";
import { type Registry, startRegistry } from "../image-tools/registry.ts";
import { noteTraces, type Traces } from "../image-tools/traces.ts";

jest.setTimeout(180_000);

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "mayfly-images-"));
});
afterEach(async () => {
  await rm(scratch, { recursive: true, force: true });
});

/** Runs a program with nothing in its environment but a path and this. */
async function run(env: Readonly<Record<string, string>>, program: string, ...parameters: readonly string[]) {
  const { stdout } = await promisify(execFile)(program, parameters, {
    env: { PATH: process.env["PATH"] ?? "", ...env },
  });
  return stdout;
}

/** What skopeo says of an image, reading it in plain HTTP. */
async function inspect(reference: string, ...parameters: readonly string[]) {
  const { skopeo } = needTools("skopeo");
  return JSON.parse(await run({}, skopeo, "inspect", "--tls-verify=false", ...parameters, `docker://${reference}`));
}

describe("a private docker engine and a real registry", () => {
  test("build with RUN, push, and let skopeo read what was pushed", async () => {
    const { docker } = needTools("docker.io");
    await using registry = await startRegistry({ scratch });
    await using dockerd = await startDockerd({ scratch });
    const env = { ...dockerd.env, DOCKER_CONFIG: await createDockerConfig(scratch) };
    const lines = [INSTALL_BUSYBOX, "RUN echo mayfly > /said", "LABEL org.example.mayfly=yes"];
    const context = await createBusyboxContext({ scratch, lines });
    const tag = `${registry.host}/shop/web:1`;

    await run(env, docker, "build", "--tag", tag, context);
    expect(await run(env, docker, "run", "--rm", tag, "cat", "/said")).toBe("mayfly\n");
    const pushed = /digest: (sha256:[0-9a-f]{64})/.exec(await run(env, docker, "push", tag))?.[1];

    expect(pushed).toBeDefined();
    expect(await inspect(tag)).toMatchObject({ Digest: pushed, Labels: { "org.example.mayfly": "yes" } });
  });

  test("stand beside another engine, and know nothing of its images", async () => {
    const { docker } = needTools("docker.io");
    await using one = await startDockerd({ scratch });
    await using other = await startDockerd({ scratch });
    expect(noteTraces(scratch).noted.filter((line) => line.startsWith("bridge: "))).toHaveLength(2);
    const env = { ...one.env, DOCKER_CONFIG: await createDockerConfig(scratch) };
    await run(env, docker, "build", "--tag", "only-here", await createBusyboxContext({ scratch }));
    await other[Symbol.asyncDispose]();
    expect(await run(env, docker, "run", "--rm", "only-here", "echo", "still", "there")).toBe("still there\n");
    await using third = await startDockerd({ scratch });
    expect(await run({ ...env, ...third.env }, docker, "image", "ls", "--quiet")).toBe("");
  });

  test("take deletes of what was pushed", async () => {
    const { docker } = needTools("docker.io");
    await using registry = await startRegistry({ scratch });
    await using buildkitd = await startBuildkitd({ scratch });
    const context = await createBusyboxContext({ scratch, lines: [] });
    const tag = `${registry.host}/gone:1`;
    const options = ["--push", "--provenance=false", "--tag", tag];
    await run(buildkitd.env, docker, "buildx", "build", ...options, context);
    const { Digest } = await inspect(tag);
    const manifest = `${registry.url}/v2/gone/manifests`;
    expect((await fetch(`${manifest}/${Digest}`, { method: "DELETE" })).status).toBe(202);
    expect((await fetch(`${manifest}/1`)).status).toBe(404);
  });
});

describe("a buildkitd behind buildx's remote driver", () => {
  test("builds with RUN, and pushes two platforms with their provenance", async () => {
    const { docker } = needTools("docker.io");
    await using registry = await startRegistry({ scratch });
    await using buildkitd = await startBuildkitd({ scratch });
    const lines = ["ARG TARGETARCH", "COPY page /page-$TARGETARCH"];
    const context = await createBusyboxContext({ scratch, lines, files: { page: "hello\n" } });
    const tag = `${registry.host}/multi:1`;
    const metadata = join(scratch, "metadata.json");
    const options = ["--provenance", "mode=max", "--push", "--tag", tag, "--metadata-file", metadata];
    await run(
      buildkitd.env,
      docker,
      ...["buildx", "build", "--platform", "linux/amd64,linux/arm64", ...options, context],
    );

    const index = await inspect(tag, "--raw");
    const platforms = index.manifests.map(({ platform }: Manifest) => platform.architecture);
    expect(platforms).toEqual(["amd64", "arm64", "unknown", "unknown"]);
    const told = JSON.parse(await readFile(metadata, "utf8"))["containerimage.digest"];
    expect(await inspect(`${registry.host}/multi@${told}`, "--raw")).toEqual(index);

    const withRun = await createBusyboxContext({ scratch, lines: [INSTALL_BUSYBOX, "RUN sha256sum /bin/busybox"] });
    await run(buildkitd.env, docker, "buildx", "build", "--push", "--tag", `${registry.host}/run:1`, withRun);
    expect((await inspect(`${registry.host}/run:1`)).Layers).toHaveLength(3);
  });
});

interface Manifest {
  readonly platform: { readonly architecture: string };
}

describe("a registry that wants tokens", () => {
  const realm = "https://shop.azurecr.io/oauth2/token";
  const service = "shop.azurecr.io";
  const issuer = "Azure Container Registry";

  async function startTokenRegistry(): Promise<Registry> {
    const jwksFile = join(scratch, "jwks.json");
    await writeFile(jwksFile, JSON.stringify(signingKeyOf(issuer).jwks));
    return startRegistry({ scratch, token: { realm, service, issuer, jwksFile } });
  }
  const now = () => Math.floor(Date.now() / 1000);
  const claims = () => ({
    iss: issuer,
    aud: service,
    sub: "somebody",
    iat: now(),
    nbf: now(),
    exp: now() + 300,
    access: [{ type: "repository", name: "web", actions: ["pull"] }],
  });
  async function list(registry: Registry, repository: string, token?: string) {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await fetch(`${registry.url}/v2/${repository}/tags/list`, { headers });
    return { status: answer.status, challenge: answer.headers.get("www-authenticate") };
  }

  test("sends whoever brings none to the realm", async () => {
    await using registry = await startTokenRegistry();
    const challenge = `Bearer realm="${realm}",service="${service}",scope="repository:web:pull"`;
    expect(await list(registry, "web")).toEqual({ status: 401, challenge });
  });

  test("checks signature, issuer, service, time and rights of a token itself", async () => {
    await using registry = await startTokenRegistry();
    const sign = (changed: object) => signingKeyOf(issuer).sign({ ...claims(), ...changed });
    // The repository is empty: 404 comes after the check.
    expect(await list(registry, "web", sign({}))).toMatchObject({ status: 404 });
    expect(await list(registry, "other", sign({}))).toMatchObject({
      status: 401,
      challenge: expect.stringContaining('error="insufficient_scope"'),
    });
    const refused = {
      "an unknown key": signingKeyOf("somebody else").sign(claims()),
      "another issuer": sign({ iss: "somebody else" }),
      "another service": sign({ aud: "other.azurecr.io" }),
      "an old token": sign({ nbf: now() - 7200, exp: now() - 3600 }),
    };
    for (const [name, token] of Object.entries(refused)) {
      expect({ name, status: (await list(registry, "web", token)).status }).toEqual({ name, status: 401 });
    }
  });
});

describe("through the emulator's proxy", () => {
  /** Hands a request on to the registry, and its answer back. */
  function forwardTo(registry: Registry) {
    return async ({ method, headers, body, url }: StreamedRequest): Promise<StreamedResponse> => {
      const { pathname, search } = new URL(url);
      const asked = request(`${registry.url}${pathname}${search}`, {
        method,
        headers: { ...headers, "x-forwarded-proto": "https" },
      });
      body.pipe(asked);
      const [answer] = await once(asked, "response");
      return { status: answer.statusCode, headers: answer.headers, body: answer };
    };
  }

  test("dockerd and buildkitd push to the real names of Azure's registries", async () => {
    const { docker } = needTools("docker.io");
    const azure = createAzure();
    await using registry = await startRegistry({ scratch });
    azure.serve("proof.azurecr.io", forwardTo(registry), { streaming: true });
    await using proxy = await startProxy(azure);
    await using dockerd = await startDockerd({ scratch, proxyEnv: proxy.env });
    await using buildkitd = await startBuildkitd({ scratch, proxyEnv: proxy.env });
    const context = await createBusyboxContext({ scratch, lines: [] });
    const tag = (name: string) => `proof.azurecr.io/${name}:1`;

    const env = { ...dockerd.env, DOCKER_CONFIG: await createDockerConfig(scratch) };
    await run(env, docker, "build", "--tag", tag("engine"), context);
    await run(env, docker, "push", tag("engine"));
    await run(buildkitd.env, docker, "buildx", "build", "--push", "--tag", tag("buildkit"), context);

    for (const name of ["engine", "buildkit"])
      expect(await inspect(`${registry.host}/${name}:1`)).toMatchObject({ Os: "linux" });
  });
});

describe("what the image tools leave behind", () => {
  test("is nothing, though a container ran", async () => {
    const { docker } = needTools("docker.io");
    await using registry = await startRegistry({ scratch });
    await using dockerd = await startDockerd({ scratch });
    await using buildkitd = await startBuildkitd({ scratch });
    const env = { ...dockerd.env, DOCKER_CONFIG: await createDockerConfig(scratch) };
    await run(env, docker, "build", "--tag", "idle", await createBusyboxContext({ scratch, lines: [] }));
    await run(env, docker, "run", "--detach", "idle", "/bin/busybox", "sleep", "600");
    const traces = noteTraces(scratch);
    for (const part of [
      "busybox sleep 600",
      "buildkitd --config",
      "registry serve",
      "folder: mayfly-dockerd",
      "bridge: ",
      "cgroup: ",
    ])
      expect(traces.noted).toContainEqual(expect.stringContaining(part));
    for (const tool of [registry, dockerd, buildkitd]) await tool[Symbol.asyncDispose]();
    expect(traces.left()).toEqual([]);
    expect([existsSync("/etc/docker/key.json"), existsSync("/run/docker")]).toEqual(machine);
  });

  test("is nothing, though their owner was killed with SIGKILL", async () => {
    needTools("registry", "docker.io", "buildkit", "buildx");
    const owner = spawn(process.execPath, [join(import.meta.dirname, "fixtures/image-tools-owner.ts"), scratch], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { PATH: process.env["PATH"] ?? "", NODE_NO_WARNINGS: "1" },
    });
    let traces: Traces;
    try {
      await once(createInterface(owner.stdout), "line");
      traces = noteTraces(scratch);
    } finally {
      owner.kill("SIGKILL");
    }
    expect(traces.noted).toContainEqual(expect.stringContaining("busybox sleep 600"));
    const deadline = Date.now() + 10_000;
    while (traces.left().length > 0 && Date.now() < deadline) await sleep(50);
    expect(traces.left()).toEqual([]);
  });
});

/** What an engine usually writes on the whole machine; another one may have been here. */
const machine = [existsSync("/etc/docker/key.json"), existsSync("/run/docker")];

test("a program that does not start is told with its last words, and leaves nothing", async () => {
  const token = { realm: "r", service: "s", issuer: "i", jwksFile: join(scratch, "missing.json") };
  await expect(startRegistry({ scratch, token })).rejects.toThrow(
    /^registry ended before it was ready\. Its last lines:\n[\s\S]*unable to open jwks file/,
  );
  expect(noteTraces(scratch).left()).toEqual([]);
});
