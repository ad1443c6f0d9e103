import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { decodeJwt } from "jose";
import type { AcrRegistry } from "../azure/acr/acr.ts";
import { type Azure, createAzure } from "../azure/azure.ts";
import { type EmulatorProxy, startProxy } from "../azure/proxy.ts";
import { addTeam, type Team } from "../azure/team.ts";
import { startBuildkitd } from "../image-tools/buildkitd.ts";
import { createBusyboxContext } from "../image-tools/busybox-context.ts";
import { createDockerConfig } from "../image-tools/docker-config.ts";
import { startDockerd } from "../image-tools/dockerd.ts";
import { needTools } from "../image-tools/need-tools.ts";
import { type Registry, startRegistry } from "../image-tools/registry.ts";

jest.setTimeout(120_000);

const HOST = "mayfly.azurecr.io";
const IMAGE = `${HOST}/team/app:1`;

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "mayfly-registry-"));
});
afterEach(async () => {
  await rm(scratch, { recursive: true, force: true });
});

/** An emulated registry, in memory or with a real one behind it that checks every token again. */
interface Stage extends AsyncDisposable {
  readonly azure: Azure;
  readonly team: Team;
  readonly registry: AcrRegistry;
  readonly proxy: EmulatorProxy;
  readonly real: Registry | undefined;
}

async function openStage(kind: "in memory" | "a real one", roles: readonly string[] = ["AcrPush"]): Promise<Stage> {
  const azure = createAzure();
  const team = addTeam(azure);
  const jwksFile = join(scratch, "jwks.json");
  await writeFile(jwksFile, JSON.stringify(azure.acr.jwks));
  const token = { realm: `https://${HOST}/oauth2/token`, service: HOST, issuer: "Azure Container Registry", jwksFile };
  const real = kind === "in memory" ? undefined : await startRegistry({ scratch, token });
  const backend = real === undefined ? {} : { backend: { url: real.url } };
  const registry = azure.acr.addRegistry({ name: "mayfly", subscriptionId: team.subscriptionId, ...backend });
  for (const role of roles) team.assign(role, registry);
  const proxy = await startProxy(azure);
  return {
    ...{ azure, team, registry, proxy, real },
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      await real?.[Symbol.asyncDispose]();
    },
  };
}

/** Runs a program with nothing in its environment but a path and this. */
async function run(env: Readonly<Record<string, string>>, program: string, ...parameters: readonly string[]) {
  const { stdout } = await promisify(execFile)(program, parameters, {
    env: { PATH: process.env["PATH"] ?? "", HOME: scratch, ...env },
  });
  return stdout;
}

/** The same with a text on its standard input; its output and exit code are the answer. */
async function feed(
  env: Readonly<Record<string, string>>,
  input: string,
  program: string,
  ...parameters: readonly string[]
) {
  const child = spawn(program, parameters, { env: { PATH: process.env["PATH"] ?? "", HOME: scratch, ...env } });
  child.stdin.end(input);
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await once(child, "close")) as [number];
  return { code, output: (await said).join("") };
}

describe.each(["in memory", "a real one"] as const)("a registry of the emulator, %s", (kind) => {
  test("lets docker log in with a refresh token, push and pull; skopeo reads the same digest", async () => {
    const { docker } = needTools("docker.io");
    const { skopeo } = needTools("skopeo");
    await using stage = await openStage(kind);
    const { azure, registry, team, proxy } = stage;
    await using dockerd = await startDockerd({ scratch, proxyEnv: proxy.env });
    const env = { ...dockerd.env, DOCKER_CONFIG: await createDockerConfig(scratch) };
    const { username, password } = registry.credentials(team.principal.objectId);
    expect(await feed(env, password, docker, "login", "--username", username, "--password-stdin", HOST)).toMatchObject({
      code: 0,
      output: expect.stringContaining("Login Succeeded"),
    });
    const { auths } = JSON.parse(await readFile(join(env.DOCKER_CONFIG, "config.json"), "utf8"));
    expect(auths[HOST].identitytoken).toBe(password);

    await run(env, docker, "build", "--tag", IMAGE, await createBusyboxContext({ scratch, lines: ["LABEL a=b"] }));
    const digest = /digest: (sha256:[0-9a-f]{64})/.exec(await run(env, docker, "push", IMAGE))?.[1] ?? "";
    expect((await registry.contents())["team/app"]?.tags).toEqual({ "1": digest });
    await run(env, docker, "image", "rm", IMAGE);
    await run(env, docker, "pull", `${HOST}/team/app@${digest}`);

    const reader = registry.credentials();
    const credentials = `${reader.username}:${reader.password}`;
    const read = JSON.parse(await run(proxy.env, skopeo, "inspect", "--creds", credentials, `docker://${IMAGE}`));
    expect(read).toMatchObject({ Digest: digest, Labels: { a: "b" } });
    expect(azure.traffic.refused()).toEqual([]);
    const asked = azure.traffic.find({ host: HOST, path: "/oauth2/token", method: "POST" });
    expect(asked[0]?.body).toContain("client_id=docker");
    expect(asked[0]?.body).toContain("scope=repository%3Ateam%2Fapp%3Apush%2Cpull");
  });

  test("takes buildkit's push of two platforms with provenance, and skopeo's copy of all of it", async () => {
    const { docker } = needTools("docker.io");
    const { skopeo } = needTools("skopeo");
    await using stage = await openStage(kind);
    const { registry, proxy } = stage;
    await using buildkitd = await startBuildkitd({ scratch, proxyEnv: proxy.env });
    const { username, password } = registry.credentials();
    const auth = Buffer.from(`${username}:`).toString("base64");
    const config = { auths: { [HOST]: { auth, identitytoken: password } } };
    await writeFile(join(buildkitd.env["DOCKER_CONFIG"] ?? "", "config.json"), JSON.stringify(config));
    const context = await createBusyboxContext({
      scratch,
      lines: ["ARG TARGETARCH", "COPY page /page-$TARGETARCH"],
      files: { page: "hello\n" },
    });
    const options = ["--platform", "linux/amd64,linux/arm64", "--provenance", "mode=max", "--push", "--tag", IMAGE];
    await run({ ...buildkitd.env, ...proxy.env }, docker, "buildx", "build", ...options, context);
    const { tags, manifests } = (await registry.contents())["team/app"] ?? { tags: {}, manifests: {} };
    expect(Object.keys(manifests)).toHaveLength(5);

    const creds = `${username}:${password}`;
    const copy = ["copy", "--all", "--src-creds", creds, "--dest-creds", creds];
    await run(proxy.env, skopeo, ...copy, `docker://${IMAGE}`, `docker://${HOST}/copied:2`);
    expect((await registry.contents())["copied"]).toEqual({ tags: { "2": tags["1"] }, manifests });
  });

  test("tells docker in its own words who may not, and what is locked", async () => {
    const { skopeo } = needTools("skopeo");
    await using stage = await openStage(kind, ["AcrPull"]);
    const { registry, team, proxy } = stage;
    await registry.seed("team/app", ["1"], "one");
    await registry.seed("team/app", ["2"], "two");
    const copy = async (objectId: string | undefined, to: string) => {
      const { username, password } = registry.credentials(objectId);
      const creds = ["--src-creds", `${username}:${password}`, "--dest-creds", `${username}:${password}`];
      const parameters = ["copy", ...creds, `docker://${HOST}/team/app:2`, `docker://${HOST}/team/app:${to}`];
      return feed(proxy.env, "", skopeo, ...parameters);
    };
    expect(await copy(team.principal.objectId, "3")).toMatchObject({
      code: 1,
      output: expect.stringMatching(/authentication required|insufficient_scope|unauthorized/),
    });
    registry.lock("team/app", "1");
    expect(await copy(undefined, "1")).toMatchObject({
      code: 1,
      output: expect.stringContaining("The operation is disallowed on this registry, repository or image"),
    });
    expect(await copy(undefined, "3")).toMatchObject({ code: 0 });
  });
});

test("the real registry checks the token itself: one of another key is refused there", async () => {
  await using stage = await openStage("a real one");
  const { registry, real } = stage;
  const { password } = registry.credentials();
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    service: HOST,
    refresh_token: password,
    scope: "repository:team/app:pull",
  });
  const answer = await stage.azure.answer({
    method: "POST",
    url: `https://${HOST}/oauth2/token`,
    headers: {},
    body: `${form}`,
  });
  const { access_token: token } = JSON.parse(`${answer.body}`) as { readonly access_token: string };
  const list = async (bearer: string) =>
    (await fetch(`${real?.url}/v2/team/app/tags/list`, { headers: { authorization: `Bearer ${bearer}` } })).status;
  expect(decodeJwt(token).aud).toBe(HOST);
  // The repository is empty: 404 comes after the check.
  expect(await list(token)).toBe(404);
  expect(await list(`${token.slice(0, -6)}AAAAAA`)).toBe(401);
  expect(await list(password)).toBe(401);
});
