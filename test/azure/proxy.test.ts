import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { createAzure } from "./azure.ts";
import { startProxy } from "./proxy.ts";
import { addTeam, type Team } from "./team.ts";

const run = promisify(execFile);
const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** A child Node with nothing in its environment but what is given; its fetch follows HTTPS_PROXY. */
async function inChild(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const { stdout } = await run(process.execPath, args, {
    env: { ...env, NODE_USE_ENV_PROXY: "1", NODE_NO_WARNINGS: "1" },
  });
  return JSON.parse(stdout) as Record<string, unknown>;
}

function jobEnvironment({ tenantId, clientId, subscriptionId, job }: Team): Record<string, string> {
  return {
    ACTIONS_ID_TOKEN_REQUEST_URL: job.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: job.requestToken,
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: clientId,
    AZURE_SUBSCRIPTION_ID: subscriptionId,
  };
}

describe("the proxy", () => {
  test("carries the real SDK of a child process with its public-cloud defaults", async () => {
    const azure = createAzure({ frozen: true });
    azure.clock.tick(60_000);
    const team = addTeam(azure);
    for (const name of ["a", "b"]) azure.arm.addResourceGroup({ subscriptionId: team.subscriptionId, name });
    await using proxy = await startProxy(azure);
    const seen = await inChild([file("./sdk-child.ts")], { ...proxy.env, ...jobEnvironment(team) });
    expect(seen).toEqual({ names: ["a", "b"], left: false });
    expect(azure.traffic.refused()).toEqual([]);
    expect(new Set(azure.traffic.requests.map(({ host }) => host))).toEqual(
      new Set([
        "run-actions-1-azure-eastus.actions.githubusercontent.com",
        "login.microsoftonline.com",
        "management.azure.com",
      ]),
    );
  });

  test("refuses and records any other name, and what no part serves yet", async () => {
    const azure = createAzure();
    await using proxy = await startProxy(azure);
    const ask = await asker(proxy);
    await expect(ask("https://example.com/")).rejects.toThrow();
    expect((await ask("https://shop.azurecr.io/v2/")).status).toBe(501);
    expect(azure.traffic.refused()).toMatchObject([
      { method: "CONNECT", host: "example.com", status: 403 },
      { method: "GET", host: "shop.azurecr.io", status: 501 },
    ]);
    azure.serve(/\.azurecr\.io$/, async (_, url) => ({ status: 200, headers: {}, body: url.hostname }));
    expect(await ask("https://shop.azurecr.io/v2/")).toMatchObject({ status: 200, body: "shop.azurecr.io" });
  });

  test("breaks the connection where a fault says so, and holds answers back for its latency", async () => {
    const azure = createAzure();
    await using proxy = await startProxy(azure, { latencyMilliseconds: 40 });
    const ask = await asker(proxy);
    const url = "https://management.azure.com/metadata/endpoints?api-version=2022-09-01";
    const before = performance.now();
    expect((await ask(url)).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThanOrEqual(39);
    azure.faults.add({ name: "reset", when: { path: /metadata/ }, times: 1 }, { kind: "reset" });
    await expect(ask(url)).rejects.toMatchObject({ code: "ECONNRESET" });
    expect((await ask(url)).status).toBe(200);
  });
});

test("the command serves a fleet, takes orders from another process and ends at SIGTERM", async () => {
  const child = spawn(process.execPath, [file("./serve.ts"), "--fleet", file("./fleet.example.json")], {
    env: { NODE_NO_WARNINGS: "1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const ready = JSON.parse(line) as {
    url: string;
    env: { SSL_CERT_FILE: string };
    control: string;
    subscriptionId: string;
  };
  const ask = await asker({ url: ready.url, caFile: ready.env.SSL_CERT_FILE });
  const order = async (method: string, path: string, body?: unknown) => {
    const answer = await ask(`${ready.control}${path}`, method, body === undefined ? undefined : JSON.stringify(body));
    return answer.body === "" ? undefined : JSON.parse(answer.body);
  };
  const isGroup = ({ type }: { type: string }) => type === "Microsoft.Resources/resourceGroups";
  expect((await order("GET", "/state")).resources.filter(isGroup)).toHaveLength(12);
  expect(await order("POST", "/clock", { frozen: true, set: "2026-11-21T09:17:00Z" })).toEqual({
    now: "2026-11-21T09:17:00.000Z",
    frozen: true,
  });
  await order("POST", "/faults", {
    name: "busy",
    when: { host: "management.azure.com" },
    times: 1,
    effect: { kind: "respond", status: 503 },
  });
  expect((await ask("https://management.azure.com/subscriptions?api-version=2022-12-01")).status).toBe(503);
  expect((await order("GET", "/traffic")).requests).toMatchObject([
    { path: "/subscriptions", status: 503, faults: ["busy"] },
  ]);
  expect(
    await order("POST", "/jobs", {
      repository: "octo/shop",
      repositoryId: "1",
      ownerId: "2",
      event: "push",
      ref: "refs/heads/x",
    }),
  ).toMatchObject({
    subject: "repo:octo/shop:ref:refs/heads/x",
  });
  expect(await order("PATCH", "/settings", { deletionSeconds: 1 })).toMatchObject({ deletionSeconds: 1 });
  expect((await order("POST", "/faults", { effect: { kind: "meanwhile" } })).error).toContain(
    "cannot be added from outside",
  );
  child.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
});

/** Asks through a proxy and trusts its CA alone. */
async function asker(proxy: { readonly url: string; readonly caFile: string }) {
  const ca = await readFile(proxy.caFile);
  return (url: string, method = "GET", body?: string) =>
    new Promise<{ status: number | undefined; body: string }>((done, failed) => {
      const agent = new Agent({ proxyEnv: { HTTPS_PROXY: proxy.url } });
      const asked = request(url, { agent, ca, method }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => done({ status: response.statusCode, body: Buffer.concat(chunks).toString() }));
      });
      asked.on("error", failed);
      asked.end(body);
    });
}
