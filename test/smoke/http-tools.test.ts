import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { CURL, type HttpTool, PLAIN_WGET, type ToolOrder, WGET } from "../../src/smoke/http-tools.ts";

const TOOLS: readonly (readonly [string, string, readonly string[], HttpTool])[] = [
  ["curl", "/usr/bin/curl", [], CURL],
  ["GNU wget", "/usr/bin/wget", [], WGET],
  ["busybox wget", "/usr/bin/busybox", ["wget"], PLAIN_WGET],
];
const there = TOOLS.filter(([, path]) => existsSync(path));

let server: Server;
let origin: string;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.url === "/broken") response.writeHead(500, { "X-Why": "db" }).end("no database");
    else if (request.url === "/moved") response.writeHead(302, { location: "/there" }).end();
    else {
      response.setHeader("X-Sha", "abc123");
      response.end(`${request.method} ${request.url} ${request.headers["x-mine"]} ${Buffer.concat(chunks).toString()}`);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const orderOf = (path: string, more: Partial<ToolOrder> = {}): ToolOrder => ({
  url: `${origin}${path}`,
  method: "GET",
  headers: { "X-Mine": "yes" },
  body: undefined,
  followRedirects: false,
  timeoutMs: 5_000,
  anyCertificate: true,
  ...more,
});

function run(path: string, before: readonly string[], tool: HttpTool, order: ToolOrder) {
  const [, ...command] = tool.command(order);
  return new Promise<ReturnType<HttpTool["read"]>>((resolve) => {
    execFile(path, [...before, ...command], { env: {} }, (error, stdout, stderr) => {
      resolve(tool.read({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr }, order));
    });
  });
}

test("the tools are here", () => {
  const missing = TOOLS.filter((each) => !there.includes(each)).map(([name]) => name);
  if (missing.length > 0) console.warn(`NOT TRIED: ${missing.join(", ")}`);
  if (process.env["CI"] === "true") expect(missing).toEqual([]);
});

describe.each(there)("%s", (_, path, before, tool) => {
  test("asks with the headers that it is given, and reads the answer", async () => {
    const read = await run(path, before, tool, orderOf("/a?b=c"));
    expect(read).toMatchObject({ status: 200, body: "GET /a?b=c yes ", headers: { "x-sha": "abc123" } });
  });

  test("posts", async () => {
    const read = await run(path, before, tool, orderOf("/a", { method: "POST", body: "@hello&x" }));
    expect(read).toMatchObject({ status: 200, body: "POST /a yes @hello&x" });
  });

  test("reads a failure as an answer", async () => {
    expect(await run(path, before, tool, orderOf("/broken"))).toMatchObject({ status: 500 });
  });

  test("reads a redirect as an answer", async () => {
    expect(await run(path, before, tool, orderOf("/moved"))).toMatchObject({
      status: 302,
      headers: { location: "/there" },
      body: "",
    });
  });

  test("says why there is no answer", async () => {
    expect(await run(path, before, tool, orderOf("", { url: "http://127.0.0.1:9/" }))).toEqual({
      fault: expect.stringMatching(/refused|couldn't connect|failed to connect/i),
    });
  });
});

describe("curl", () => {
  test("reads the answer after redirects where they are followed", () => {
    const stdout = "HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\nHTTP/1.1 200 OK\r\nX-A: 1\r\n\r\nthere";
    const outcome = { exitCode: 0, stdout, stderr: "" };
    expect(CURL.read(outcome, orderOf("/", { followRedirects: true }))).toMatchObject({ status: 200, body: "there" });
    expect(CURL.read(outcome, orderOf("/"))).toMatchObject({ status: 302 });
  });

  test("takes no body that looks like a head for one", () => {
    const stdout = "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 500 No\r\n\r\n";
    expect(CURL.read({ exitCode: 0, stdout, stderr: "" }, orderOf("/"))).toMatchObject({ status: 200 });
  });
});

test("a busybox that knows no limit is no fault of what is asked", () => {
  const stderr = "wget: invalid option -- 'T'\nBusyBox v1.35.0 multi-call binary.\n";
  expect(WGET.read({ exitCode: 1, stdout: "", stderr }, orderOf("/"))).toEqual({ unfit: true });
});
