import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { Readable } from "node:stream";
import { createHttpHeaders, createPipelineRequest } from "@azure/core-rest-pipeline";
import { describe, expect, test } from "@jest/globals";
import { createAzure } from "./azure.ts";
import type { EmulatorProxy } from "./proxy.ts";
import { startProxy } from "./proxy.ts";

const URL_OF_BLOB = "https://shop.blob.core.windows.net/context";
const MEGABYTE = 1024 * 1024;

/** Bytes that are made while they are read, so that nobody has to hold them. */
function megabytes(count: number, made: (bytes: number) => void = () => undefined): Readable {
  return Readable.from(
    (function* () {
      for (let n = 0; n < count; n += 1) {
        made(MEGABYTE);
        yield Buffer.alloc(MEGABYTE, n % 251);
      }
    })(),
  );
}

/** A host that answers with as many megabytes as its path says, and digests what it is sent. */
function setUp() {
  const azure = createAzure();
  const seen: { digest: string; ended: string }[] = [];
  const service = async ({ body, method }: { body: Readable; method: string }, url: URL) => {
    if (method === "GET")
      return { status: 200, headers: {}, body: megabytes(Number(url.searchParams.get("megabytes"))) };
    if (url.searchParams.has("early")) return { status: 401, headers: {}, body: "no" };
    const hash = createHash("sha256");
    try {
      for await (const chunk of body) hash.update(chunk as Buffer);
      seen.push({ digest: hash.digest("hex"), ended: "whole" });
    } catch (failure) {
      seen.push({ digest: "", ended: failure instanceof Error ? `${(failure as { code?: string }).code}` : "?" });
      throw failure;
    }
    return { status: 201, headers: {}, body: "" };
  };
  azure.serve(/\.blob\.core\.windows\.net$/, service, { streaming: true });
  return { azure, seen };
}

async function digestOf(stream: Readable): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of stream) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

describe("a service that asks for streams", () => {
  test("is told of a connection that broke before it could read", async () => {
    const { azure, seen } = setUp();
    azure.faults.add({ name: "slow", when: { method: "PUT" } }, { kind: "slow", milliseconds: 50 });
    const body = new Readable({ read: () => undefined });
    setTimeout(() => body.destroy(Object.assign(new Error("aborted"), { code: "ECONNRESET" })), 5);
    const request = azure.stream({ method: "PUT", url: URL_OF_BLOB, headers: {}, body });
    await expect(request).rejects.toThrow("aborted");
    expect(seen).toMatchObject([{ ended: "ECONNRESET" }]);
  });

  test("takes and gives whole bodies where the caller has them whole", async () => {
    const { azure, seen } = setUp();
    const put = await azure.answer({ method: "PUT", url: URL_OF_BLOB, headers: {}, body: "abc" });
    expect([put.status, seen[0]?.digest]).toEqual([201, createHash("sha256").update("abc").digest("hex")]);
    const got = await azure.answer({ method: "GET", url: `${URL_OF_BLOB}?megabytes=2`, headers: {} });
    expect(got.body).toHaveLength(2 * MEGABYTE);
    expect(azure.traffic.requests).toMatchObject([
      { method: "PUT", status: 201, requestBytes: 3, responseBytes: 0 },
      { method: "GET", status: 200, requestBytes: 0, responseBytes: 2 * MEGABYTE },
    ]);
  });

  test("streams both ways with a pipeline in the same process", async () => {
    const { azure, seen } = setUp();
    const client = azure.httpClient();
    const headers = createHttpHeaders({ "content-type": "application/octet-stream" });
    await client.sendRequest(createPipelineRequest({ url: URL_OF_BLOB, method: "PUT", headers, body: megabytes(3) }));
    expect(seen).toEqual([{ digest: await digestOf(megabytes(3)), ended: "whole" }]);
    const answer = await client.sendRequest(
      createPipelineRequest({ url: `${URL_OF_BLOB}?megabytes=3`, streamResponseStatusCodes: new Set([200]) }),
    );
    expect(await digestOf(answer.readableStreamBody as Readable)).toBe(await digestOf(megabytes(3)));
  });

  test("sees the break when the sender gives up in the middle", async () => {
    const { azure, seen } = setUp();
    const controller = new AbortController();
    const body = new Readable({ read: () => undefined });
    body.push("the beginning");
    const sent = azure
      .httpClient()
      .sendRequest(createPipelineRequest({ url: URL_OF_BLOB, method: "PUT", body, abortSignal: controller.signal }));
    setTimeout(() => controller.abort(), 5);
    await expect(sent).rejects.toMatchObject({ name: "AbortError" });
    await new Promise((done) => setTimeout(done, 5));
    expect(seen).toHaveLength(1);
    expect(seen[0]?.ended).not.toBe("whole");
  });

  test("can be cut off in the middle of a body, either way", async () => {
    const { azure, seen } = setUp();
    const cut = (of: "request" | "response") =>
      azure.faults.add({ name: of, when: {}, times: 1 }, { kind: "cut", of, bytes: MEGABYTE });
    cut("request");
    const put = azure.stream({ method: "PUT", url: URL_OF_BLOB, headers: {}, body: megabytes(2) });
    await expect(put).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(seen).toEqual([{ digest: "", ended: "ECONNRESET" }]);
    cut("response");
    const get = azure.answer({ method: "GET", url: `${URL_OF_BLOB}?megabytes=2`, headers: {} });
    await expect(get).rejects.toMatchObject({ code: "ECONNRESET" });
    cut("request");
    const small = await azure.answer({ method: "PUT", url: URL_OF_BLOB, headers: {}, body: "short" });
    expect(small.status).toBe(201);
    expect(azure.faults.struck).toEqual(
      new Map([
        ["request", 2],
        ["response", 1],
      ]),
    );
  });
});

describe("through the proxy", () => {
  test("100 MB go up and come down, and never more than a few are on the way", async () => {
    const azure = createAzure();
    const [up, down] = [createGauge(), createGauge()];
    azure.serve(
      /\.blob\.core\.windows\.net$/,
      async ({ method, body }) => {
        if (method === "GET") return { status: 200, headers: {}, body: megabytes(100, down.made) };
        for await (const chunk of body) up.arrived((chunk as Buffer).length);
        return { status: 201, headers: {}, body: "" };
      },
      { streaming: true },
    );
    await using proxy = await startProxy(azure);
    expect(await ask(proxy, "PUT", URL_OF_BLOB, megabytes(100, up.made))).toMatchObject({ status: 201 });
    expect(await ask(proxy, "GET", URL_OF_BLOB, undefined, undefined, down.arrived)).toMatchObject({ status: 200 });
    expect(azure.traffic.requests).toMatchObject([
      { requestBytes: 100 * MEGABYTE, body: "" },
      { responseBytes: 100 * MEGABYTE },
    ]);
    for (const { onTheWay, most } of [up, down].map((gauge) => gauge.read())) {
      expect(onTheWay).toBe(0);
      expect(most).toBeLessThan(20 * MEGABYTE);
    }
  }, 30_000);

  test("an answer that comes before the body leaves the connection usable", async () => {
    const { azure } = setUp();
    await using proxy = await startProxy(azure);
    const agent = new Agent({ keepAlive: true, maxSockets: 1, proxyEnv: { HTTPS_PROXY: proxy.url } });
    const early = await ask(proxy, "PATCH", `${URL_OF_BLOB}?early=1`, Buffer.alloc(4 * MEGABYTE), agent);
    expect(early).toMatchObject({ status: 401, text: "no" });
    expect(await ask(proxy, "GET", `${URL_OF_BLOB}?megabytes=0`, undefined, agent)).toMatchObject({ status: 200 });
    agent.destroy();
  });

  test("a body that is cut breaks the connection", async () => {
    const { azure } = setUp();
    await using proxy = await startProxy(azure);
    azure.faults.add({ name: "cut", when: {}, times: 2 }, { kind: "cut", of: "response", bytes: MEGABYTE });
    await expect(ask(proxy, "GET", `${URL_OF_BLOB}?megabytes=20`)).rejects.toThrow();
    azure.faults.clear();
    azure.faults.add({ name: "cut", when: {} }, { kind: "cut", of: "request", bytes: MEGABYTE });
    await expect(ask(proxy, "PUT", URL_OF_BLOB, megabytes(20))).rejects.toThrow();
  });
});

/** Counts what was made and has not arrived yet: what somebody between the two has to hold. */
function createGauge() {
  let onTheWay = 0;
  let most = 0;
  return {
    made: (bytes: number) => {
      onTheWay += bytes;
      most = Math.max(most, onTheWay);
    },
    arrived: (bytes: number) => {
      onTheWay -= bytes;
    },
    read: () => ({ onTheWay, most }),
  };
}

async function ask(
  proxy: EmulatorProxy,
  method: string,
  url: string,
  body?: Readable | Buffer,
  agent?: Agent,
  arrived: (bytes: number) => void = () => undefined,
) {
  const ca = await readFile(proxy.caFile);
  const through = agent ?? new Agent({ proxyEnv: { HTTPS_PROXY: proxy.url } });
  return new Promise<{ status: number | undefined; text: string }>((done, failed) => {
    const asked = request(url, { agent: through, ca, method }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => {
        arrived(chunk.length);
        text = `${text}${chunk.length < 100 ? chunk.toString() : ""}`;
      });
      response.on("end", () => done({ status: response.statusCode, text }));
      response.on("error", failed);
    });
    asked.on("error", failed);
    // Node's client forgets to go on with a piped body over TLS when the answer comes first: hence whole buffers, too.
    if (body instanceof Readable) body.pipe(asked);
    else asked.end(body);
  });
}
