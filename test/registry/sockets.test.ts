import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "@jest/globals";
import { sleep } from "../../src/kit/cancel.ts";
import { connectRegistry } from "../../src/registry/connect-registry.ts";
import { connectSession } from "../../src/registry/session.ts";
import { digestOf } from "./far-registry.ts";

const CHUNK = Buffer.alloc(65_536, "mayfly");
const CHUNKS = 256;
const CONTENT = Buffer.concat(Array.from({ length: CHUNKS }, () => CHUNK));
const BLOB = { digest: digestOf(CONTENT), size: CONTENT.length };

type Serve = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

/** A registry of this machine, without TLS, as docker speaks to one. */
async function serve(handle: Serve) {
  const server = createServer((request, response) => {
    if (request.url === "/v2/") response.end("{}");
    else if (request.method === "POST") response.writeHead(202, { location: "/v2/app/blobs/uploads/one" }).end();
    else void handle(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cancel = new AbortController();
  const session = connectSession({
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { kind: "anonymous" },
    time: { now: () => new Date(), random: () => 0, sleep: (milliseconds) => sleep(milliseconds, cancel.signal) },
    cancelled: cancel.signal,
    environment: {},
    mask: () => undefined,
  });
  return {
    registry: connectRegistry(session),
    cancel,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

const source = async () => Readable.from(Array.from({ length: CHUNKS }, () => CHUNK));

describe("over real sockets", () => {
  test("a registry of this machine is reached without the job's proxy", async () => {
    const before = process.env["HTTPS_PROXY"];
    process.env["HTTPS_PROXY"] = "http://127.0.0.1:9";
    try {
      await using far = await serve((_, response) => void response.end('{"tags":["1"]}'));
      expect(await far.registry.listTags("app")).toEqual(["1"]);
    } finally {
      if (before === undefined) delete process.env["HTTPS_PROXY"];
      else process.env["HTTPS_PROXY"] = before;
    }
  });

  test("a blob goes up and comes down whole", async () => {
    let kept = Buffer.alloc(0);
    await using far = await serve(async (request, response) => {
      if (request.method === "PUT") {
        kept = await buffer(request);
        response.writeHead(201).end();
      } else response.end(kept);
    });
    await far.registry.uploadBlob("app", BLOB, source);
    expect(digestOf(kept)).toBe(BLOB.digest);
    expect(digestOf(await buffer(await far.registry.readBlob("app", BLOB.digest)))).toBe(BLOB.digest);
  });

  test("an answer that comes before the body was read ends the upload, and the next goes well", async () => {
    let puts = 0;
    await using far = await serve(async (request, response) => {
      if (request.method === "HEAD") return void response.writeHead(404).end();
      puts += 1;
      if (puts === 1) return void response.writeHead(503).end("busy");
      await buffer(request);
      response.writeHead(201).end();
    });
    await far.registry.uploadBlob("app", BLOB, source);
    expect(puts).toBe(2);
  });

  test("a connection that breaks in the middle of an upload is another try", async () => {
    let puts = 0;
    await using far = await serve(async (request, response) => {
      if (request.method === "HEAD") return void response.writeHead(404).end();
      puts += 1;
      if (puts === 1) return void request.once("data", () => request.socket.destroy());
      await buffer(request);
      response.writeHead(201).end();
    });
    await far.registry.uploadBlob("app", BLOB, source);
    expect(puts).toBe(2);
  });

  test("a source that breaks in the middle does not leave the upload hanging", async () => {
    await using far = await serve((request) => void request.resume());
    const broken = new Error("the archive ends here");
    const open = async () =>
      Readable.from(
        (async function* () {
          yield CHUNK;
          throw broken;
        })(),
      );
    await expect(far.registry.uploadBlob("app", BLOB, open)).rejects.toBe(broken);
  });

  test("a cancel ends an upload that nobody reads", async () => {
    await using far = await serve((request) => void request.pause());
    const work = far.registry.uploadBlob("app", BLOB, source);
    setTimeout(() => far.cancel.abort(), 50);
    await expect(work).rejects.toMatchObject({ code: "cancelled" });
  });

  test("a download that breaks in the middle is told, and is no blob", async () => {
    await using far = await serve((_, response) => {
      response.writeHead(200, { "content-length": String(BLOB.size) });
      response.write(CHUNK, () => setTimeout(() => response.destroy(), 20));
    });
    const stream = await far.registry.readBlob("app", BLOB.digest);
    await expect(buffer(stream)).rejects.toMatchObject({ facts: { code: "no-answer", passing: true } });
  });

  test("a copy from one to the other holds only a few pieces in memory", async () => {
    const pieces = 2_000;
    const size = pieces * CHUNK.length;
    const before = process.memoryUsage().rss;
    let most = 0;
    let bytes = 0;
    await using far = await serve(async (request, response) => {
      for await (const chunk of request) {
        bytes += (chunk as Buffer).length;
        most = Math.max(most, process.memoryUsage().rss - before);
      }
      response.writeHead(201).end();
    });
    const endless = async () =>
      Readable.from(
        (function* () {
          for (let n = 0; n < pieces; n += 1) yield CHUNK;
        })(),
      );
    await far.registry.uploadBlob("app", { digest: BLOB.digest, size }, endless);
    expect(bytes).toBe(size);
    expect(most).toBeLessThan(size * 0.75);
  });
});
