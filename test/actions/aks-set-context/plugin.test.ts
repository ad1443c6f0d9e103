import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parseExecCredential } from "../../../src/kubeconfig/exec-credential.ts";
import { decodePayload } from "../../../src/oidc/claims.ts";
import { type Called, openPluginScene, type PluginScene } from "./plugin-scene.ts";

const GITHUB = /\.actions\.githubusercontent\.com$/;
const ENTRA = /^login\.microsoftonline\.com$/;
const MINUTE = 60_000;

const tokenOf = ({ stdout }: Called): string => parseExecCredential(stdout)?.token ?? "";

/** Ages the token that is kept, as if time had passed. */
function age(scene: PluginScene, leftMs: number): string {
  const kept = scene.keptToken();
  writeFileSync(scene.tokenFile, JSON.stringify({ ...kept, endsAtMs: Date.now() + leftMs }));
  return kept.token;
}

describe("the credential plugin", () => {
  test("prints a token for the API server, and an end that is before the token's own", async () => {
    await using scene = await openPluginScene();
    const called = await scene.call();
    expect(called).toMatchObject({ exitCode: 0, stderr: "" });
    const answer = JSON.parse(called.stdout);
    expect(answer).toMatchObject({ apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential" });
    const claims = decodePayload(tokenOf(called));
    expect(claims).toMatchObject({ aud: "6dae42f8-4368-4678-94ff-3960e28e3630", oid: scene.team.principal.objectId });
    expect(answer.status.expirationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const endsBefore = Number(claims?.["exp"]) * 1000 - Date.parse(answer.status.expirationTimestamp);
    expect(endsBefore).toBeGreaterThan(20_000);
    expect(endsBefore).toBeLessThan(2 * MINUTE);
    expect(scene.azure.traffic.refused()).toEqual([]);
  });

  test("asks for nothing while its token lives, and keeps it where only this user can read it", async () => {
    await using scene = await openPluginScene();
    const first = await scene.call();
    // Without the job's variables, too: `sudo kubectl` works for as long as the token does.
    const second = await scene.call({ environment: { ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined } });
    expect(second).toEqual(first);
    expect(scene.asked()).toEqual({ github: 1, entra: 1 });
    expect(statSync(scene.tokenFile).mode & 0o777).toBe(0o600);
    expect(readdirSync(scene.folder).sort()).toEqual(["plugin.cjs", "token.json"]);
  });

  test("asks once for twelve callers at the same moment", async () => {
    await using scene = await openPluginScene();
    scene.azure.faults.add({ name: "slow", when: { host: ENTRA } }, { kind: "slow", milliseconds: 300 });
    const called = await Promise.all(Array.from({ length: 12 }, () => scene.call()));
    expect(new Set(called.map(({ stdout }) => stdout)).size).toBe(1);
    expect(called.map(({ exitCode }) => exitCode)).toEqual(Array(12).fill(0));
    expect(scene.asked()).toEqual({ github: 1, entra: 1 });
  }, 30_000);

  test.each([
    ["is about to end", 4 * MINUTE],
    ["has ended", -1],
  ])("fetches another token when the one that it has %s", async (_, leftMs) => {
    await using scene = await openPluginScene();
    await scene.call();
    const old = age(scene, leftMs);
    const called = await scene.call();
    expect(called.exitCode).toBe(0);
    expect(tokenOf(called)).not.toBe(old);
    expect(scene.asked()).toEqual({ github: 2, entra: 2 });
  });

  test("gives a token that is about to end where no other can be had, and none that has ended", async () => {
    await using scene = await openPluginScene();
    await scene.call();
    const old = age(scene, 4 * MINUTE);
    scene.azure.entra.refuse(scene.team.clientId, 53003, 2);
    expect(tokenOf(await scene.call())).toBe(old);
    age(scene, -1);
    const late = await scene.call();
    expect(late).toMatchObject({ exitCode: 1, stdout: "" });
    expect(late.stderr).toContain("(conditional-access)");
  });

  test("does not give one identity's token for another", async () => {
    await using scene = await openPluginScene();
    await scene.call();
    const called = await scene.call({
      environment: { MAYFLY_AKS_LOGIN_CLIENT: "c11e0000-0000-4000-8000-00000000000f" },
    });
    expect(called).toMatchObject({ exitCode: 1, stdout: "" });
    expect(called.stderr).toContain("(client-not-found)");
  });

  test.each([
    ["{", "is cut short"],
    ["{}", "has no token"],
    [JSON.stringify({ token: "stolen", endsAtMs: Date.now() + 1e9, keptAtMs: 0, of: "somebody" }), "is another's"],
  ])("does not believe a file that holds %s", async (text) => {
    await using scene = await openPluginScene();
    writeFileSync(scene.tokenFile, text);
    const called = await scene.call();
    expect(decodePayload(tokenOf(called))).toMatchObject({ oid: scene.team.principal.objectId });
  });

  test("goes on where a caller was killed in the middle of its turn", async () => {
    await using scene = await openPluginScene();
    scene.azure.faults.add({ name: "hangs", when: { host: ENTRA }, times: 1 }, { kind: "slow", milliseconds: 6_000 });
    const killed = await scene.call({ killWhen: () => scene.azure.faults.struck.has("hangs") });
    expect(killed).toMatchObject({ exitCode: null, stdout: "" });
    expect(readdirSync(scene.folder)).toContain("turn");
    const startedAt = performance.now();
    expect((await scene.call()).exitCode).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(readdirSync(scene.folder)).not.toContain("turn");
  }, 30_000);

  test("works from any folder, with the relay of the terraform action in GitHub's place", async () => {
    await using scene = await openPluginScene();
    const { createServer } = await import("node:http");
    const relay = createServer((_, response) => {
      response.end(JSON.stringify({ value: scene.azure.github.idToken(scene.team.job, "api://AzureADTokenExchange") }));
    });
    await new Promise<void>((listening) => relay.listen(0, "127.0.0.1", listening));
    const { port } = relay.address() as { port: number };
    const url = `http://127.0.0.1:${port}/idtoken?api-version=2.0`;
    const called = await scene.call({
      environment: { ACTIONS_ID_TOKEN_REQUEST_URL: url, HTTP_PROXY: "http://[::1]:1" },
    });
    relay.close();
    expect(called).toMatchObject({ exitCode: 0, stderr: "" });
    expect(scene.asked()).toEqual({ github: 0, entra: 1 });
  });
});

describe("faults that pass", () => {
  test.each([
    ["GitHub is busy", GITHUB, { kind: "respond", status: 503, body: "Service Unavailable" }],
    ["GitHub breaks the connection off", GITHUB, { kind: "reset" }],
    ["Entra says come back later", ENTRA, { kind: "respond", status: 429, headers: { "retry-after": "1" }, body: {} }],
    ["Entra has a fault", ENTRA, { kind: "respond", status: 500, body: "oops" }],
    ["Entra breaks the connection off", ENTRA, { kind: "reset" }],
  ] as const)(
    "are met with another try, with an ID token of its own: %s",
    async (_, host, effect) => {
      await using scene = await openPluginScene();
      scene.azure.faults.add({ name: "passing", when: { host }, times: 2 }, effect);
      const called = await scene.call();
      expect(called).toMatchObject({ exitCode: 0, stderr: "" });
      const { github, entra } = scene.asked();
      expect([github, entra]).toEqual(host === GITHUB ? [3, 1] : [3, 3]);
    },
    30_000,
  );
});

describe("a refusal", () => {
  const refusals: readonly {
    readonly name: string;
    readonly code: string;
    readonly says: readonly string[];
    readonly arrange?: (scene: PluginScene) => void;
    readonly environment?: Readonly<Record<string, string | undefined>>;
  }[] = [
    {
      name: "a job without id-token: write",
      code: "id-token-permission",
      says: ["permissions:\n  id-token: write", "sudo --preserve-env"],
      environment: { ACTIONS_ID_TOKEN_REQUEST_URL: undefined, ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined },
    },
    {
      name: "a shell that is no job",
      code: "id-token-not-on-actions",
      says: ["good for the job that made it"],
      environment: { ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined, GITHUB_SERVER_URL: undefined },
    },
    {
      name: "a job that is over",
      code: "id-token-refused",
      says: ["'Completed' state"],
      arrange: ({ azure, team }) => azure.github.complete(team.job),
    },
    {
      name: "a subject that no credential has",
      code: "subject-mismatch",
      says: ["AADSTS700213", "Presented subject: repo:", "Needed: a federated credential with this subject"],
      arrange: ({ azure, team }) => azure.entra.refuse(team.clientId, 700213),
    },
    {
      name: "an audience that no credential has",
      code: "audience-mismatch",
      says: ["Presented audience: api://other"],
      environment: { MAYFLY_AKS_LOGIN_AUDIENCE: "api://other" },
    },
    {
      name: "a tenant that there is not",
      code: "tenant-not-found",
      says: ["AADSTS90002"],
      environment: { MAYFLY_AKS_LOGIN_TENANT: "00000000-0000-4000-8000-00000000dead" },
    },
    {
      name: "a proxy's page in Entra's place",
      code: "entra-unreachable",
      says: ["HTTP 403 that is not Entra's"],
      arrange: ({ azure }) =>
        azure.faults.add({ name: "page", when: { host: ENTRA } }, { kind: "respond", status: 403, body: "<html>" }),
    },
    {
      name: "a proxy that does not let it out",
      code: "entra-unreachable",
      says: ["Cannot reach Entra at https://login.nowhere.example", "HTTPS_PROXY"],
      environment: { MAYFLY_AKS_LOGIN_AUTHORITY: "https://login.nowhere.example" },
    },
    {
      name: "an authority without TLS",
      code: "entra-unreachable",
      says: ["is not https"],
      environment: { MAYFLY_AKS_LOGIN_AUTHORITY: "http://login.nowhere.example" },
    },
  ];

  test.each(refusals)(
    "is told with its code, and with no secret: $name",
    async ({ code, says, arrange, environment }) => {
      await using scene = await openPluginScene();
      arrange?.(scene);
      const called = await scene.call(environment === undefined ? {} : { environment });
      expect(called).toMatchObject({ exitCode: 1, stdout: "" });
      expect(called.stderr).toContain(`No credential for the cluster (${code}): `);
      for (const words of says) expect(called.stderr).toContain(words);
      expect(called.stderr).not.toMatch(/eyJ[\w-]+\.|requestToken|\n\s+at /);
      expect(called.stderr).not.toContain(scene.team.job.requestToken);
      expect(readdirSync(scene.folder)).toEqual(["plugin.cjs"]);
    },
  );

  test("is no command to the runner, whatever Entra says", async () => {
    await using scene = await openPluginScene();
    const body = { error: "x", error_description: "AADSTS1: no\n::add-mask::e\n##[error]x", error_codes: [1] };
    scene.azure.faults.add({ name: "says", when: { host: ENTRA } }, { kind: "respond", status: 400, body });
    const { stderr } = await scene.call();
    expect(stderr).toContain("(entra-refused)");
    expect(stderr).not.toMatch(/^\s*::|##\[/m);
  });

  test("comes from a plugin that somebody starts by hand, too", async () => {
    await using scene = await openPluginScene();
    const called = await scene.call({ environment: { MAYFLY_AKS_LOGIN_SCOPE: undefined } });
    expect(called).toMatchObject({ exitCode: 1, stdout: "" });
    expect(called.stderr).toContain("MAYFLY_AKS_LOGIN_SCOPE is not set");
  });
});

test("the plugin is one file that needs no other", async () => {
  await using scene = await openPluginScene();
  expect(readdirSync(scene.folder)).toEqual(["plugin.cjs"]);
  const [first, second] = [await scene.call(), statSync(join(scene.folder, "plugin.cjs")).size];
  expect(first.exitCode).toBe(0);
  expect(second).toBeLessThan(100_000);
});
