import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { BlockBlobClient } from "@azure/storage-blob";
import { describe, expect, test } from "@jest/globals";
import { type Azure, createAzure } from "../azure.ts";
import { readAll } from "../streams.ts";
import type { BlobOptions } from "./blobs.ts";
import { storageHttpClient } from "./storage-client.ts";

const ADDRESS = { account: "acrtaskprodeus001", container: "container-0f", name: "source/2026/a b.tar.gz" };
const MEGABYTE = 1024 * 1024;

function setUp(blobs: BlobOptions = {}) {
  const azure = createAzure({ frozen: true, now: new Date("2026-11-21T09:00:00Z"), blobs });
  azure.blobs.addContainer(ADDRESS.account, ADDRESS.container);
  const link = (permissions = "rw", seconds = 3600, name = ADDRESS.name) =>
    azure.blobs.sign({ ...ADDRESS, name }, { permissions, seconds });
  return { azure, link };
}

function sdk(azure: Azure, url: string): BlockBlobClient {
  return new BlockBlobClient(url, undefined, { httpClient: storageHttpClient(azure), retryOptions: { maxTries: 1 } });
}

async function ask(azure: Azure, method: string, url: string, headers: Record<string, string> = {}, body = "") {
  const response = await azure.answer({ method, url, headers, body });
  const code = /<Code>([^<]*)/.exec(response.body.toString())?.[1];
  return { ...response, code, text: response.body.toString() };
}

const BLOCK = { "x-ms-blob-type": "BlockBlob" };
const APPEND = { "x-ms-blob-type": "AppendBlob" };

describe("a blob that the SDK streams up in blocks", () => {
  test("holds the same bytes, out of memory, until the emulator is disposed of", async () => {
    const { azure, link } = setUp();
    const content = randomBytes(9 * MEGABYTE + 17);
    const client = sdk(azure, link());
    await client.uploadStream(Readable.from([content]), 2 * MEGABYTE, 3);
    const blob = azure.blobs.find(ADDRESS);
    expect(blob?.blocks).toHaveLength(5);
    expect(blob?.pieces.some(({ at }) => Buffer.isBuffer(at))).toBe(false);
    const downloaded = await client.download();
    expect(downloaded.contentLength).toBe(content.length);
    const bytes = await readAll(downloaded.readableStreamBody as Readable);
    expect(digest(bytes)).toBe(digest(content));
    const part = await client.download(2 * MEGABYTE - 3, 7);
    expect(await readAll(part.readableStreamBody as Readable)).toEqual(
      content.subarray(2 * MEGABYTE - 3, 2 * MEGABYTE + 4),
    );
    await azure.blobs[Symbol.asyncDispose]();
    await expect(client.downloadToBuffer()).rejects.toThrow();
  });

  test("is put at once where it is small, with its type and metadata", async () => {
    const { azure, link } = setUp();
    const client = sdk(azure, link());
    await client.upload("hello", 5, {
      metadata: { who: "me" },
      blobHTTPHeaders: { blobContentType: "application/gzip" },
    });
    const properties = await client.getProperties();
    expect(properties).toMatchObject({
      contentLength: 5,
      contentType: "application/gzip",
      metadata: { who: "me" },
      blobType: "BlockBlob",
      etag: azure.blobs.find(ADDRESS)?.etag,
    });
    await client.setMetadata({ who: "you" });
    expect((await client.getProperties()).metadata).toEqual({ who: "you" });
    expect((await client.downloadToBuffer()).toString()).toBe("hello");
  });

  test("keeps a block list that names unknown blocks out, and ids of two lengths", async () => {
    const { azure, link } = setUp();
    const client = sdk(azure, link());
    await client.stageBlock(id("1"), "one", 3);
    await expect(client.stageBlock(id("4444"), "two", 3)).rejects.toMatchObject({ code: "InvalidBlobOrBlock" });
    await expect(client.commitBlockList([id("1"), id("3")])).rejects.toMatchObject({ code: "InvalidBlockList" });
    expect(azure.blobs.find(ADDRESS)).toBeUndefined();
    await client.stageBlock(id("3"), "three", 5);
    await client.commitBlockList([id("3"), id("1")]);
    await client.stageBlock(id("2"), "two", 3);
    await client.commitBlockList([id("1"), id("2"), id("3")]);
    expect((await client.downloadToBuffer()).toString()).toBe("onetwothree");
  });
});

describe("a link", () => {
  test("is refused when it is over", async () => {
    const { azure, link } = setUp();
    const url = link("rw", 60);
    expect((await ask(azure, "PUT", url, BLOCK, "x")).status).toBe(201);
    azure.clock.advance(60_000);
    const { status, code, text, headers } = await ask(azure, "GET", url);
    expect([status, code, headers["x-ms-error-code"]]).toEqual([403, "AuthenticationFailed", "AuthenticationFailed"]);
    expect(text).toContain(
      "Signature not valid in the specified time frame: Start [] - Expiry [Sat, 21 Nov 2026 09:01:00 GMT] - Current [Sat, 21 Nov 2026 09:01:00 GMT]",
    );
  });

  test.each([
    ["its signature", (url: URL) => url.searchParams.set("sig", "AAAA")],
    ["its expiry", (url: URL) => url.searchParams.set("se", "2030-01-01T00:00:00Z")],
    ["its permissions", (url: URL) => url.searchParams.set("sp", "rwd")],
    ["its blob", (url: URL) => Object.assign(url, { pathname: `${url.pathname}2` })],
  ])("is refused with %s changed", async (_, change) => {
    const { azure, link } = setUp();
    const url = new URL(link());
    change(url);
    expect(await ask(azure, "PUT", `${url}`, BLOCK, "x")).toMatchObject({ status: 403, code: "AuthenticationFailed" });
    expect(azure.blobs.find(ADDRESS)).toBeUndefined();
  });

  test("may do only what it says", async () => {
    const { azure, link } = setUp();
    expect(await ask(azure, "PUT", link("r"), BLOCK, "x")).toMatchObject({
      status: 403,
      code: "AuthorizationPermissionMismatch",
    });
    expect((await ask(azure, "PUT", link("w"), BLOCK, "x")).status).toBe(201);
    expect((await ask(azure, "GET", link("w"))).status).toBe(403);
    expect((await ask(azure, "DELETE", link("rw"))).status).toBe(403);
    expect((await ask(azure, "DELETE", link("d"))).status).toBe(202);
    expect((await ask(azure, "GET", link("r"))).code).toBe("BlobNotFound");
  });

  test("stands alone: a login besides it is refused, one instead of it is for others", async () => {
    const { azure, link } = setUp();
    const login = { authorization: "Bearer x" };
    expect(await ask(azure, "GET", link(), login)).toMatchObject({ status: 400, code: "InvalidAuthenticationInfo" });
    expect((await ask(azure, "GET", link().split("?")[0] ?? "", login)).status).toBe(501);
  });

  test("is needed, and names a container that is there", async () => {
    const { azure } = setUp();
    const [bare] = new URL("https://acrtaskprodeus001.blob.core.windows.net/container-0f/x").href.split("?");
    expect(await ask(azure, "GET", `${bare}`)).toMatchObject({ status: 409, code: "PublicAccessNotPermitted" });
    const other = azure.blobs.sign({ ...ADDRESS, container: "other" }, { permissions: "rw", seconds: 60 });
    expect((await ask(azure, "PUT", other, BLOCK, "x")).code).toBe("ContainerNotFound");
  });
});

describe("a log", () => {
  test("is not there until it is begun, and then read from where it was left", async () => {
    const { azure, link } = setUp();
    const url = link("r");
    const before = await ask(azure, "HEAD", url);
    expect([before.status, before.headers["x-ms-error-code"], before.text]).toEqual([404, "BlobNotFound", ""]);
    azure.blobs.put(ADDRESS, { type: "AppendBlob", contentType: "text/plain" });
    azure.blobs.append(ADDRESS, "one\r\n");
    azure.blobs.append(ADDRESS, "two\r\n");
    expect((await ask(azure, "HEAD", url)).headers["content-length"]).toBe("10");
    const rest = await ask(azure, "GET", url, { "x-ms-range": "bytes=5-", range: "bytes=0-1" });
    expect([rest.status, rest.text, rest.headers["content-range"]]).toEqual([206, "two\r\n", "bytes 5-9/10"]);
    expect(await ask(azure, "GET", url, { range: "bytes=10-" })).toMatchObject({ status: 416, code: "InvalidRange" });
    azure.blobs.setMetadata(ADDRESS, { Complete: "successful" });
    const { headers } = await ask(azure, "HEAD", url);
    expect([headers["x-ms-meta-Complete"], headers["x-ms-blob-type"]]).toEqual(["successful", "AppendBlob"]);
  });

  test("stays as it was for whoever reads it while it grows", async () => {
    const { azure } = setUp();
    azure.blobs.put(ADDRESS, { type: "AppendBlob" }, "one");
    const reader = azure.blobs.read(ADDRESS);
    for (let n = 0; n < 5000; n += 1) azure.blobs.append(ADDRESS, "0123456789012345678901234567890\n");
    expect(`${await readAll(reader as Readable)}`).toBe("one");
    expect(azure.blobs.find(ADDRESS)?.bytes).toBe(160_003);
    expect(azure.blobs.find(ADDRESS)?.pieces.length).toBeLessThan(15);
  });

  test("is written over the wire, too, block after block", async () => {
    const { azure, link } = setUp();
    const url = link("rwa");
    expect((await ask(azure, "PUT", `${url}&comp=appendblock`, {}, "x")).code).toBe("BlobNotFound");
    await ask(azure, "PUT", url, APPEND);
    await ask(azure, "PUT", `${url}&comp=appendblock`, {}, "one");
    const { headers } = await ask(azure, "PUT", `${url}&comp=appendblock`, {}, "two");
    expect(headers["x-ms-blob-append-offset"]).toBe("3");
    expect((await ask(azure, "GET", url)).text).toBe("onetwo");
    await ask(azure, "PUT", url, BLOCK, "whole");
    expect((await ask(azure, "PUT", `${url}&comp=appendblock`, {}, "x")).code).toBe("InvalidBlobType");
  });
});

describe("a write", () => {
  test("is refused where its bytes are not those announced", async () => {
    const { azure, link } = setUp();
    const md5 = createHash("md5").update("y").digest("base64");
    expect((await ask(azure, "PUT", link(), { ...BLOCK, "content-md5": md5 }, "x")).code).toBe("Md5Mismatch");
    expect((await ask(azure, "PUT", link(), {}, "x")).code).toBe("MissingRequiredHeader");
  });

  test("keeps to its conditions", async () => {
    const { azure, link } = setUp();
    const first = await ask(azure, "PUT", link(), { ...BLOCK, "if-none-match": "*" }, "1");
    const etag = `${first.headers["etag"]}`;
    expect((await ask(azure, "PUT", link(), { ...BLOCK, "if-none-match": "*" }, "2")).code).toBe("BlobAlreadyExists");
    expect((await ask(azure, "PUT", link(), { ...BLOCK, "if-match": etag }, "2")).status).toBe(201);
    expect((await ask(azure, "PUT", link(), { ...BLOCK, "if-match": etag }, "3")).code).toBe("ConditionNotMet");
    expect((await ask(azure, "GET", link(), { "if-match": etag })).code).toBe("ConditionNotMet");
    expect((await ask(azure, "GET", link())).text).toBe("2");
  });
});

test("What accounts are asked besides is left to others, and recorded where nobody answers", async () => {
  const { azure } = setUp();
  const url = "https://acrtaskprodeus001.blob.core.windows.net/container-0f?restype=container&comp=list";
  expect((await ask(azure, "GET", url)).status).toBe(501);
  expect(azure.traffic.refused()).toHaveLength(1);
});

function digest(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function id(text: string): string {
  return Buffer.from(text).toString("base64");
}
