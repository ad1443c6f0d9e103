import { type Blob, type BlobAddress, keyOf } from "./blob.ts";
import type { BlobRead, BlobStore } from "./blobs.ts";
import { requireReadConditions } from "./conditions.ts";
import { BlobFailure, blobNotFound } from "./failure.ts";
import { readRange } from "./range.ts";

/** GET and HEAD of a blob, of one of its snapshots, or of one of its versions. */
export const readBlob: BlobRead = async ({ method, headers }, url, store, address) => {
  const blob = findState(url, store, address);
  if (blob === undefined) throw blobNotFound();
  store.leases.requireRead(keyOf(address), headers["x-ms-lease-id"]);
  if (requireReadConditions(headers, blob)) return { status: 304, headers: { etag: blob.etag }, body: "" };
  const shown = describe(blob, store, address);
  if (method === "HEAD") return { status: 200, headers: { ...shown, "content-length": `${blob.bytes}` }, body: "" };
  const range = readRange(headers, blob.bytes);
  const { start, end } = range ?? { start: 0, end: blob.bytes };
  const place = range === undefined ? {} : { "content-range": `bytes ${start}-${end - 1}/${blob.bytes}` };
  return {
    status: range === undefined ? 200 : 206,
    headers: { ...shown, ...place, "content-length": `${end - start}` },
    body: store.pieces.read(blob.pieces, start, end),
  };
};

/** @throws BlobFailure for a time that is none */
function findState({ searchParams }: URL, store: BlobStore, address: BlobAddress): Blob | undefined {
  const [kind, at] = searchParams.has("snapshot")
    ? (["snapshot", searchParams.get("snapshot")] as const)
    : (["version", searchParams.get("versionid")] as const);
  if (at === null) return store.find(address);
  if (Number.isNaN(Date.parse(at))) {
    const message = "Value for one of the query parameters specified in the request URI is invalid.";
    throw new BlobFailure(400, "InvalidQueryParameterValue", message);
  }
  const current = store.find(address);
  if (kind === "version" && current?.version === at) return current;
  return store.history
    .list(keyOf(address))
    .find((kept) => kept.kind === kind && kept.at === at && kept.deletedAt === undefined)?.blob;
}

function describe(blob: Blob, store: BlobStore, address: BlobAddress): Record<string, string> {
  const metadata = Object.entries(blob.metadata).map(([name, value]) => [`x-ms-meta-${name}`, value]);
  const { state, status, duration } = store.leases.find(keyOf(address));
  return {
    "accept-ranges": "bytes",
    "content-type": blob.contentType,
    ...(blob.md5 === undefined ? {} : { "content-md5": blob.md5.toString("base64") }),
    etag: blob.etag,
    "last-modified": blob.modified.toUTCString(),
    "x-ms-blob-type": blob.type,
    "x-ms-creation-time": blob.created.toUTCString(),
    "x-ms-lease-state": state,
    "x-ms-lease-status": status,
    ...(duration === undefined ? {} : { "x-ms-lease-duration": duration }),
    ...(store.accounts.keeping(address.account).versions ? { "x-ms-version-id": blob.version } : {}),
    ...(blob.type === "AppendBlob" ? { "x-ms-blob-committed-block-count": `${blob.pieces.length}` } : {}),
    ...(Object.fromEntries(metadata) as Record<string, string>),
  };
}
