import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { Duplex } from "node:stream";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { ask, connect, faultOf, findClosedPort, serveBytes, serveHttp } from "./far-side.ts";

const MIB = 1_048_576;

describe("an answer over HTTP", () => {
  test("is told with its status, headers, body, address and time", async () => {
    await using far = await serveHttp((_, response) => {
      response.writeHead(418, { "X-Build": "abc", "Set-Cookie": ["a=1", "b=2"] }).end("short and stout");
    });
    const url = `http://127.0.0.1:${far.port}/pot?lid=on`;
    const answer = await ask(url);
    expect(answer).toMatchObject({ status: 418, body: "short and stout", url, certificate: undefined });
    expect(answer.headers).toMatchObject({ "x-build": "abc", "set-cookie": "a=1, b=2" });
    expect(answer.latencyMs).toBeGreaterThan(0);
    expect(answer.latencyMs).toBeLessThan(5_000);
  });

  test("is asked with method, headers, body and path as they were given", async () => {
    const seen: unknown[] = [];
    await using far = await serveHttp(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { method, url, headers } = request;
      seen.push({ method, url, body: Buffer.concat(chunks).toString(), headers });
      response.end();
    });
    await ask(`http://127.0.0.1:${far.port}/a%2Fb?q=1#part`, {
      method: "PUT",
      headers: { "X-One": "1", Host: "shop.example", "User-Agent": "me" },
      body: '{"ü":1}',
    });
    expect(seen).toEqual([
      {
        method: "PUT",
        url: "/a%2Fb?q=1",
        body: '{"ü":1}',
        headers: {
          "x-one": "1",
          host: "shop.example",
          "user-agent": "me",
          accept: "*/*",
          "content-length": "8",
          connection: "close",
        },
      },
    ]);
  });

  test("is asked with the login of the address", async () => {
    await using far = await serveHttp((request, response) => response.end(request.headers.authorization));
    const answer = await ask(`http://me:s%3Acret@127.0.0.1:${far.port}/`);
    expect(answer.body).toBe(`Basic ${Buffer.from("me:s:cret").toString("base64")}`);
    expect(answer.url).toBe(`http://127.0.0.1:${far.port}/`);
  });

  test.each([
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
    ["GZIP", gzipSync],
    ["identity", (text: string) => Buffer.from(text)],
  ])("is read when it is packed with %s", async (encoding, pack) => {
    await using far = await serveHttp((_, response) => {
      response.writeHead(200, { "Content-Encoding": encoding }).end(pack("grün"));
    });
    expect((await ask(`http://127.0.0.1:${far.port}`)).body).toBe("grün");
  });

  test.each([
    ["HEAD", 200],
    ["GET", 204],
    ["GET", 304],
  ])("has no body to unpack when the method is %s and the status %i", async (method, status) => {
    await using far = await serveHttp((_, response) => {
      response.writeHead(status, { "Content-Encoding": "gzip" }).end();
    });
    expect(await ask(`http://127.0.0.1:${far.port}`, { method })).toMatchObject({ status, body: "" });
  });

  test("may be of HTTP/1.0, and end with the connection", async () => {
    await using far = await serveBytes((socket) => {
      socket.once("data", () => socket.end("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nold but whole"));
    });
    expect((await ask(`http://127.0.0.1:${far.port}`)).body).toBe("old but whole");
  });

  test("comes over what a dial opens, under the name that was asked", async () => {
    await using far = await serveHttp((request, response) => response.end(request.headers.host));
    const dial = async () => {
      const socket = connectTcp(far.port, "127.0.0.1");
      await once(socket, "connect");
      return socket;
    };
    expect((await ask("http://api.shop.svc:8080/", { dial })).body).toBe("api.shop.svc:8080");
  });

  test("has a connection of its own, which ends with it", async () => {
    await using far = await serveHttp((_, response) => response.end("ok"));
    await ask(`http://127.0.0.1:${far.port}`);
    await ask(`http://127.0.0.1:${far.port}`);
    expect(far.connections()).toBe(2);
  });

  test("names that are no headers to JavaScript are told as they are", async () => {
    await using far = await serveBytes((socket) => {
      socket.once("data", () => {
        socket.end("HTTP/1.1 200 OK\r\n__proto__: a\r\nconstructor: b\r\nX-Ä: c\r\nContent-Length: 0\r\n\r\n");
      });
    });
    const fault = await ask(`http://127.0.0.1:${far.port}`).catch(() => undefined);
    // Node's parser may refuse it; what must not be is a header that is none.
    if (fault !== undefined) expect(Object.hasOwn(fault.headers, "toString")).toBe(false);
  });
});

describe("an answer that is too much", () => {
  test("is cut after 1 MiB, and not waited for", async () => {
    await using far = await serveHttp((_, response) => {
      const pour = (): void => {
        while (response.write("x".repeat(65_536)));
        response.once("drain", pour);
      };
      pour();
    });
    const answer = await ask(`http://127.0.0.1:${far.port}`);
    expect(answer.body).toHaveLength(MIB);
    expect(answer.cut).toBe(true);
  });

  test("of just 1 MiB is whole", async () => {
    await using far = await serveHttp((_, response) => response.end("x".repeat(MIB)));
    const answer = await ask(`http://127.0.0.1:${far.port}`);
    expect(answer.body).toHaveLength(MIB);
    expect(answer.cut).toBeUndefined();
  });

  test("when it is unpacked is cut, too", async () => {
    const bomb = gzipSync(Buffer.alloc(200 * MIB));
    await using far = await serveHttp((_, response) => {
      response.writeHead(200, { "Content-Encoding": "gzip" }).end(bomb);
    });
    const before = process.memoryUsage().arrayBuffers;
    const answer = await ask(`http://127.0.0.1:${far.port}`);
    expect(answer).toMatchObject({ cut: true });
    expect(Buffer.byteLength(answer.body)).toBe(MIB);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * MIB);
  });
});

describe("no answer", () => {
  test("when nobody listens", async () => {
    const port = await findClosedPort();
    expect(await faultOf(ask(`http://127.0.0.1:${port}`))).toEqual({
      kind: "refused",
      message: "the connection was refused (ECONNREFUSED)",
    });
  });

  test("when nobody knows the name", async () => {
    const fault = await faultOf(ask("http://no-such-host.invalid"));
    expect(fault.kind).toBe("unknown-host");
  });

  test.each([
    ["a head that does not come", () => {}, "no answer within 0.2 s"],
    ["a body that does not end", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "no whole answer within 0.2 s"],
    ["a body that drips", "drip", "no whole answer within 0.2 s"],
  ])("in time: %s", async (_, said, message) => {
    await using far = await serveBytes((socket) => {
      socket.once("data", () => {
        if (said === "drip") {
          socket.write("HTTP/1.1 200 OK\r\n\r\n");
          const timer = setInterval(() => socket.write("."), 20);
          socket.on("close", () => clearInterval(timer));
        } else if (typeof said === "string") socket.write(said);
      });
    });
    expect(await faultOf(ask(`http://127.0.0.1:${far.port}`, { timeoutMs: 200 }))).toEqual({
      kind: "timeout",
      message,
    });
  });

  test("when it is called off", async () => {
    await using far = await serveBytes(() => {});
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    expect(await faultOf(ask(`http://127.0.0.1:${far.port}`, { until: controller.signal }))).toEqual({
      kind: "timeout",
      message: "no answer before the time was up",
    });
  });

  test("when the job is cancelled", async () => {
    await using far = await serveBytes(() => {});
    const controller = new AbortController();
    const network = connect({ cancelled: controller.signal });
    setTimeout(() => controller.abort(), 50);
    expect((await faultOf(ask(`http://127.0.0.1:${far.port}`, {}, network))).kind).toBe("timeout");
  });

  test.each([
    ["before the head", ""],
    ["within the head", "HTTP/1.1 200 OK\r\nConte"],
    ["within the body", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"],
    ["within a body that ends with it", "HTTP/1.0 200 OK\r\n\r\nhalf"],
    ["within a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf"],
  ])("when the connection is cut %s", async (_, said) => {
    await using far = await serveBytes((socket) => {
      socket.once("data", () => socket.write(said, () => setTimeout(() => socket.resetAndDestroy(), 20)));
    });
    expect((await faultOf(ask(`http://127.0.0.1:${far.port}`))).kind).toBe("reset");
  });

  test.each([
    ["no HTTP", "220 mail.example ESMTP\r\n", /does not speak HTTP/],
    ["binary", "\u0000\u0001\u0002\u0003", /does not speak HTTP/],
    ["headers without an end", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(20_000)}\r\n\r\n`, /headers are longer/],
    ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", /does not speak HTTP/],
    [
      "a protocol nobody asked for",
      "HTTP/1.1 101 Go\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
      /changed the protocol/,
    ],
  ])("of HTTP: %s", async (_, said, message) => {
    await using far = await serveBytes((socket) => {
      socket.once("data", () => socket.end(said));
    });
    const fault = await faultOf(ask(`http://127.0.0.1:${far.port}`));
    expect(fault.kind).toBe("other");
    expect(fault.message).toMatch(message);
    expect(fault.message).not.toMatch(/\n/);
  });

  test.each([
    ["that is none", Buffer.from("not gzip")],
    ["that breaks off", gzipSync("x".repeat(1000)).subarray(0, 20)],
  ])("that can be read: gzip %s", async (_, bytes) => {
    await using far = await serveHttp((__, response) => {
      response.writeHead(200, { "Content-Encoding": "gzip" }).end(bytes);
    });
    expect((await faultOf(ask(`http://127.0.0.1:${far.port}`))).message).toMatch(/compression is broken/);
  });

  test("when a dial is refused: what it threw goes through as it is", async () => {
    const refusal = new Error("pods is forbidden");
    await expect(ask("http://api.shop.svc", { dial: () => Promise.reject(refusal) })).rejects.toBe(refusal);
  });

  test("when nobody listens behind a dial", async () => {
    const stream = new Duplex({ read: () => {}, write: (_, __, done) => done() });
    const refused = Object.assign(new Error("dial tcp4 127.0.0.1:9: connection refused"), { code: "ECONNREFUSED" });
    setTimeout(() => stream.destroy(refused), 20);
    expect((await faultOf(ask("http://api.shop.svc", { dial: async () => stream }))).kind).toBe("refused");
  });

  test("when a dial takes too long; what it opens then is ended", async () => {
    const stream = new Duplex({ read: () => {} });
    const late = new Promise<Duplex>((resolve) => setTimeout(resolve, 150, stream));
    const fault = await faultOf(ask("http://api.shop.svc", { dial: () => late, timeoutMs: 50 }));
    expect(fault).toEqual({ kind: "timeout", message: "no connection within 0.05 s" });
    await late;
    await new Promise(setImmediate);
    expect(stream.destroyed).toBe(true);
  });
});
