import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createHttpsFetch } from "../../src/github/https-fetch.ts";

const asked: string[] = [];
const sockets = new Set<unknown>();
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? ""}`.trim());
  sockets.add(request.socket);
  answer(request, response);
});
let origin = "";

function answer({ url }: IncomingMessage, response: ServerResponse): void {
  if (url === "/gzip") {
    response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
    response.end(gzipSync('{"a":"ä"}'));
  } else if (url === "/half") {
    response.writeHead(200, { "content-length": "100" });
    response.write("half");
    response.flushHeaders();
    setImmediate(() => response.destroy());
  } else if (url === "/half-gzip") {
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("whole").subarray(0, 15));
  } else if (url === "/moved") response.writeHead(301, { location: "/gzip" }).end();
  else if (url === "/round") response.writeHead(302, { location: "/round" }).end();
  else if (url === "/away") response.writeHead(307, { location: "https://elsewhere.example/x" }).end();
  else if (url === "/silent") return;
  else response.writeHead(200, { "x-page": ["1", "2"] }).end("plain");
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const send = createHttpsFetch({});

test("an answer is read as octokit reads it, packed or not, on one connection", async () => {
  sockets.clear();
  const packed = await send(`${origin}/gzip`, { headers: { authorization: "token t" } });
  expect([packed.status, packed.url, packed.headers.get("content-type")]).toEqual([
    200,
    `${origin}/gzip`,
    "application/json",
  ]);
  expect(await packed.text()).toBe('{"a":"ä"}');
  const plain = await send(`${origin}/plain`, { method: "POST", body: "{}" });
  expect(Buffer.from(await plain.arrayBuffer()).toString()).toBe("plain");
  expect(plain.headers.get("x-page")).toBe("1, 2");
  expect(asked.slice(-2)).toEqual(["GET /gzip token t", "POST /plain"]);
  expect(sockets.size).toBe(1);
});

test.each(["/half", "/half-gzip"])("an answer that breaks off is none: %s", async (path) => {
  await expect(send(origin + path, {})).rejects.toThrow(/aborted|unexpected end of file/);
});

test("a question is asked again where its thing has moved to", async () => {
  expect(await (await send(`${origin}/moved`, {})).text()).toBe('{"a":"ä"}');
});

test("nothing goes round in circles, to another host, or is changed twice", async () => {
  const before = asked.length;
  await expect(send(`${origin}/round`, {})).rejects.toThrow("it leads on to");
  expect(asked.length - before).toBe(4);
  await expect(send(`${origin}/away`, {})).rejects.toThrow("it leads on to https://elsewhere.example/x");
  await expect(send(`${origin}/moved`, { method: "POST", body: "{}" })).rejects.toThrow("it leads on to");
  expect(asked.slice(before).filter((line) => line.startsWith("POST"))).toEqual(["POST /moved"]);
});

test("a wait is given up when it is called off", async () => {
  const stop = new AbortController();
  const waiting = send(`${origin}/silent`, { signal: stop.signal });
  stop.abort(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" }));
  await expect(waiting).rejects.toThrow();
  await expect(waiting).rejects.toMatchObject({ cause: { code: "ETIMEDOUT" } });
});
