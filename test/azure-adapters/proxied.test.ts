import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { addRegistry } from "../azure/acr/add-registry.ts";
import { createAzure } from "../azure/azure.ts";
import { startProxy } from "../azure/proxy.ts";
import { addTeam } from "../azure/team.ts";

const run = promisify(execFile);
const MEGABYTES = 200;

/** Runs our adapters in a process that reaches the emulator only through its HTTPS proxy. */
async function inChild(what: "upload" | "push") {
  const azure = createAzure();
  const team = addTeam(azure);
  const acr = addRegistry(azure, { name: "mayfly", subscriptionId: team.subscriptionId });
  for (const role of ["AcrPush", "Container Registry Tasks Contributor"]) team.assign(role, acr);
  await using proxy = await startProxy(azure);
  const env = {
    ...proxy.env,
    WHAT: what,
    BYTES: `${MEGABYTES * 1_000_000}`,
    REGISTRY_ID: acr.id,
    REGISTRY_HOST: acr.loginServer,
    AZURE_TENANT_ID: team.tenantId,
    AZURE_CLIENT_ID: team.clientId,
    ACTIONS_ID_TOKEN_REQUEST_URL: team.job.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: team.job.requestToken,
    NODE_USE_ENV_PROXY: "1",
    NODE_NO_WARNINGS: "1",
  };
  try {
    const { stdout } = await run(process.execPath, [join(import.meta.dirname, "proxied-child.ts")], { env });
    return { azure, seen: JSON.parse(stdout) as { digest?: string; before: number; mostMegabytes: number } };
  } finally {
    await azure.blobs[Symbol.asyncDispose]();
  }
}

describe("through the job's proxy, over real sockets,", () => {
  test("a source of 200 MB goes up with a memory that does not grow with it", async () => {
    const { azure, seen } = await inChild("upload");
    const puts = azure.traffic.find({ method: "PUT", host: /\.blob\./ });
    expect(puts.reduce((sum, { requestBytes }) => sum + requestBytes, 0)).toBeGreaterThanOrEqual(MEGABYTES * 1_000_000);
    expect(seen.mostMegabytes - seen.before).toBeLessThan(MEGABYTES * 0.7);
    expect(azure.traffic.refused()).toEqual([]);
  }, 60_000);

  test("a layer of 200 MB goes to a registry and comes back, with a memory that does not grow with it", async () => {
    const { azure, seen } = await inChild("push");
    expect(seen.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(seen.mostMegabytes - seen.before).toBeLessThan(MEGABYTES * 0.7);
    expect(azure.traffic.refused()).toEqual([]);
  }, 60_000);
});
