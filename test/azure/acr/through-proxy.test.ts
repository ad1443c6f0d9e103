import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { Readable } from "node:stream";
import { expect, test } from "@jest/globals";
import { type EmulatorProxy, startProxy } from "../proxy.ts";
import { setUp } from "./ask-registry.ts";
import { digestOf, OCI_MANIFEST } from "./oci.ts";

const MEGABYTE = 1024 * 1024;
const HOST = "https://mayfly.azurecr.io";

test("an image of 20 MB goes through the proxy in pieces, and comes back by its link", async () => {
  const { azure, registry, token: grant } = setUp();
  const token = await grant("repository:app:pull,push");
  await using proxy = await startProxy(azure);
  const ask = await asker(proxy, token);
  const upload = async (bytes: Buffer) => {
    const digest = digestOf(bytes);
    const begun = await ask("POST", `${HOST}/v2/app/blobs/uploads/`);
    const patched = await ask("PATCH", `${HOST}${begun.headers["location"]}`, Readable.from(pieces(bytes)));
    const put = await ask("PUT", `${HOST}${patched.headers["location"]}&digest=${digest}`);
    expect([begun.status, patched.status, put.status]).toEqual([202, 202, 201]);
    return { digest, size: bytes.length };
  };
  const layer = await upload(Buffer.alloc(20 * MEGABYTE, "mayfly"));
  const config = await upload(Buffer.from("{}"));
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: { mediaType: "application/vnd.oci.image.config.v1+json", ...config },
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", ...layer }],
  });
  const put = await ask("PUT", `${HOST}/v2/app/manifests/1`, Readable.from([Buffer.from(manifest)]), {
    "content-type": OCI_MANIFEST,
  });
  expect(put.headers["docker-content-digest"]).toBe(digestOf(manifest));
  expect((await registry.contents())["app"]?.tags).toEqual({ "1": digestOf(manifest) });

  const head = await ask("HEAD", `${HOST}/v2/app/manifests/1`, undefined, { accept: OCI_MANIFEST });
  expect(head.headers).toMatchObject({ "content-length": `${manifest.length}`, "content-type": OCI_MANIFEST });
  const redirected = await ask("GET", `${HOST}/v2/app/blobs/${layer.digest}`);
  expect(redirected.status).toBe(307);
  const blob = await (await asker(proxy))("GET", `${redirected.headers["location"]}`);
  expect(blob).toMatchObject({ status: 200, digest: layer.digest });
  expect(azure.traffic.find({ method: "PATCH" })[0]).toMatchObject({
    status: 202,
    requestBytes: 20 * MEGABYTE,
    body: "",
  });
  expect(azure.traffic.refused()).toEqual([]);
});

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += MEGABYTE) yield bytes.subarray(at, at + MEGABYTE);
}

async function asker(proxy: EmulatorProxy, token?: string) {
  const ca = await readFile(proxy.caFile);
  const agent = new Agent({ proxyEnv: { HTTPS_PROXY: proxy.url } });
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return (method: string, url: string, body?: Readable, headers: Readonly<Record<string, string>> = {}) =>
    new Promise<{ status: number | undefined; headers: Readonly<Record<string, unknown>>; digest: string }>(
      (done, failed) => {
        const asked = request(url, { agent, ca, method, headers: { ...authorization, ...headers } }, (response) => {
          const hash = createHash("sha256");
          response.on("data", (chunk: Buffer) => hash.update(chunk));
          response.on("end", () =>
            done({ status: response.statusCode, headers: response.headers, digest: `sha256:${hash.digest("hex")}` }),
          );
        });
        asked.on("error", failed);
        if (body === undefined) asked.end();
        else body.pipe(asked);
      },
    );
}
