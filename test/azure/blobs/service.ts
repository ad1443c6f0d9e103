import { randomUUID } from "node:crypto";
import type { StreamingService } from "../azure.ts";
import type { StreamedRequest, StreamedResponse } from "../wire.ts";
import { type Blob, type BlobAddress, parseAddress } from "./blob.ts";
import type { BlobStore } from "./blobs.ts";
import { BlobFailure, blobFailureResponse, blobNotFound } from "./failure.ts";
import { readRange } from "./range.ts";
import type { Signatures } from "./sas.ts";
import { appendBlock, type BlobWrite, putBlob, putBlock, putBlockList, removeBlob, setMetadata } from "./writes.ts";

/** Writes by method and `comp`, with the permissions of which a link must have one. */
const WRITES: Readonly<Record<string, { readonly needed: string; readonly write: BlobWrite }>> = {
  "PUT ": { needed: "wc", write: putBlob },
  "PUT block": { needed: "wc", write: putBlock },
  "PUT blocklist": { needed: "wc", write: putBlockList },
  "PUT appendblock": { needed: "wa", write: appendBlock },
  "PUT metadata": { needed: "w", write: setMetadata },
  "DELETE ": { needed: "d", write: removeBlob },
};

/** Answers links with a signature, for one blob each. Whatever else is asked, and other accounts, another service may answer. */
export function createBlobService(store: BlobStore, signatures: Signatures): StreamingService {
  return async (request, url) => {
    const address = parseAddress(url);
    const comp = url.searchParams.get("comp") ?? "";
    const write = WRITES[`${request.method} ${comp}`];
    const reads = (request.method === "GET" || request.method === "HEAD") && ["", "metadata"].includes(comp);
    if (address === undefined || !store.hasAccount(address.account)) return undefined;
    if (!reads && write === undefined) return undefined;
    const loggedIn = request.headers["authorization"] !== undefined;
    if (loggedIn && !url.searchParams.has("sig")) return undefined;
    const headers = {
      server: "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0",
      "x-ms-request-id": randomUUID(),
      "x-ms-version": request.headers["x-ms-version"] ?? "2025-07-05",
      ...clientId(request),
    };
    const answer = async (): Promise<StreamedResponse> => {
      requireSignature(url, loggedIn);
      signatures.check(url, address, write?.needed ?? "r");
      if (!store.hasContainer(address)) {
        throw new BlobFailure(404, "ContainerNotFound", "The specified container does not exist.");
      }
      return write === undefined ? read(request, store, address) : write.write(request, url, store, address);
    };
    try {
      const response = await answer();
      return { ...response, headers: { ...headers, ...response.headers } };
    } catch (failure) {
      if (!(failure instanceof BlobFailure)) throw failure;
      const response = blobFailureResponse(failure, store.clock.now());
      const length = request.method === "HEAD" ? {} : { "content-length": `${Buffer.byteLength(response.body)}` };
      const body = request.method === "HEAD" ? "" : response.body;
      return { ...response, headers: { ...headers, ...response.headers, ...length }, body };
    }
  };
}

function clientId({ headers }: StreamedRequest): Readonly<Record<string, string>> {
  const id = headers["x-ms-client-request-id"];
  return id === undefined ? {} : { "x-ms-client-request-id": id };
}

/** A link is enough by itself: storage does not take a login besides. */
function requireSignature(url: URL, loggedIn: boolean): void {
  if (loggedIn) {
    const message =
      "Authentication information is not given in the correct format. Check the value of Authorization header.";
    throw new BlobFailure(400, "InvalidAuthenticationInfo", message);
  }
  if (url.searchParams.has("sig")) return;
  throw new BlobFailure(409, "PublicAccessNotPermitted", "Public access is not permitted on this storage account.");
}

function read({ method, headers }: StreamedRequest, store: BlobStore, address: BlobAddress): StreamedResponse {
  const blob = store.find(address);
  if (blob === undefined) throw blobNotFound();
  const match = headers["if-match"];
  if (match !== undefined && match !== "*" && match !== blob.etag) {
    throw new BlobFailure(
      412,
      "ConditionNotMet",
      "The condition specified using HTTP conditional header(s) is not met.",
    );
  }
  if (headers["if-none-match"] === blob.etag) return { status: 304, headers: { etag: blob.etag }, body: "" };
  if (method === "HEAD")
    return { status: 200, headers: { ...described(blob), "content-length": `${blob.bytes}` }, body: "" };
  const range = readRange(headers, blob.bytes);
  const { start, end } = range ?? { start: 0, end: blob.bytes };
  const place = range === undefined ? {} : { "content-range": `bytes ${start}-${end - 1}/${blob.bytes}` };
  return {
    status: range === undefined ? 200 : 206,
    headers: { ...described(blob), ...place, "content-length": `${end - start}` },
    body: store.pieces.read(blob.pieces, start, end),
  };
}

function described(blob: Blob): Record<string, string> {
  const metadata = Object.entries(blob.metadata).map(([name, value]) => [`x-ms-meta-${name}`, value]);
  return {
    "accept-ranges": "bytes",
    "content-type": blob.contentType,
    ...(blob.md5 === undefined ? {} : { "content-md5": blob.md5.toString("base64") }),
    etag: blob.etag,
    "last-modified": blob.modified.toUTCString(),
    "x-ms-blob-type": blob.type,
    "x-ms-creation-time": blob.created.toUTCString(),
    "x-ms-lease-state": "available",
    "x-ms-lease-status": "unlocked",
    ...(blob.type === "AppendBlob" ? { "x-ms-blob-committed-block-count": `${blob.pieces.length}` } : {}),
    ...(Object.fromEntries(metadata) as Record<string, string>),
  };
}
