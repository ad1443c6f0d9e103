import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { type Azure, createAzure } from "../azure/azure.ts";
import { startProxy } from "../azure/proxy.ts";

const run = promisify(execFile);
const CHILD = join(import.meta.dirname, "proxied-child.ts");
const WRITTEN = "<!-- mayfly:test:pr-12 -->\nApplied.";

function setUp() {
  const azure = createAzure();
  const api = azure.githubApi;
  api.addRepository({ name: "octo/shop" });
  api.addPullRequest("octo/shop", { number: 12 });
  const token = api.createToken({ repository: "octo/shop", permissions: { "pull-requests": "write" } });
  const env = { TOKEN: token, NODE_NO_WARNINGS: "1" };
  return { azure, env, bodies: () => api.comments("octo/shop", 12).map(({ body }) => body) };
}

/** A server of a company, over plain HTTP: what it is asked below its path goes to the emulator. */
async function serve(azure: Azure): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(async (request, response) => {
    const url = `https://api.github.com${request.url?.replace("/api/v3", "")}`;
    const headers = request.headers as Record<string, string>;
    const body = Buffer.concat(await request.toArray());
    const answer = await azure.answer({ method: `${request.method}`, url, headers, body });
    response.writeHead(answer.status, answer.headers as Record<string, string>).end(answer.body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}/api/v3`, [Symbol.asyncDispose]: close };
}

describe("in a process of its own, over real sockets, a comment is written", () => {
  test("through the job's proxy, whose name for GitHub is the real one", async () => {
    const { azure, env, bodies } = setUp();
    await using proxy = await startProxy(azure);
    // Without NODE_USE_ENV_PROXY: runners do not set it.
    const { stdout, stderr } = await run(process.execPath, [CHILD], { env: { ...proxy.env, ...env } });
    expect(bodies()).toEqual([WRITTEN]);
    expect(azure.traffic.refused()).toEqual([]);
    expect(stdout + stderr).toBe("");
  }, 30_000);

  test("without a proxy, at the address of GITHUB_API_URL", async () => {
    const { azure, env, bodies } = setUp();
    await using server = await serve(azure);
    await run(process.execPath, [CHILD], { env: { GITHUB_API_URL: server.url, ...env } });
    expect(bodies()).toEqual([WRITTEN]);
  }, 30_000);
});
