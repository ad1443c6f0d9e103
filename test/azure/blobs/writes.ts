import { readAll } from "../streams.ts";
import type { StreamedRequest, StreamedResponse } from "../wire.ts";
import { type Blob, type BlobAddress, keyOf } from "./blob.ts";
import type { BlobWrite } from "./blobs.ts";
import { requireConditions } from "./conditions.ts";
import { BlobFailure, blobNotFound } from "./failure.ts";
import type { ReceivedPiece } from "./pieces.ts";
import type { BlobStore } from "./store.ts";

export const putBlob: BlobWrite = async (request, _url, store, address) => {
  const type = request.headers["x-ms-blob-type"];
  if (type !== "BlockBlob" && type !== "AppendBlob") {
    throw new BlobFailure(
      400,
      "MissingRequiredHeader",
      "An HTTP header that's mandatory for this request is not specified.",
      {
        HeaderName: "x-ms-blob-type",
      },
    );
  }
  requireWritable(request, store, address);
  const piece = await take(request, store);
  requireWritable(request, store, address);
  const pieces = piece.bytes === 0 ? [] : [piece];
  const md5 = type === "BlockBlob" ? { md5: piece.md5 } : {};
  return written(store.put(address, { type, ...md5, ...described(request) }, pieces), piece);
};

export const putBlock: BlobWrite = async (request, url, store, address) => {
  const id = url.searchParams.get("blockid") ?? "";
  const blocks = store.uncommitted(address);
  const [known] = blocks.keys();
  store.leases.requireWrite(keyOf(address), request.headers["x-ms-lease-id"]);
  if (!isBlockId(id)) throw invalidParameter("blockid", id);
  if (known !== undefined && known.length !== id.length) {
    throw new BlobFailure(400, "InvalidBlobOrBlock", "The specified blob or block content is invalid.");
  }
  const piece = await take(request, store);
  blocks.set(id, piece);
  return { status: 201, headers: { "content-md5": piece.md5.toString("base64"), "content-length": "0" }, body: "" };
};

export const putBlockList: BlobWrite = async (request, _url, store, address) => {
  const before = requireWritable(request, store, address);
  const xml = (await readAll(request.body)).toString();
  const uncommitted = store.uncommitted(address);
  const committed = new Map(before?.blocks.map((id, index) => [id, before.pieces[index]]));
  const listed = [...xml.matchAll(/<(Latest|Committed|Uncommitted)>([^<]*)<\/\1>/g)].map(([, kind = "", id = ""]) => {
    const piece =
      kind === "Committed"
        ? committed.get(id)
        : (uncommitted.get(id) ?? (kind === "Latest" ? committed.get(id) : undefined));
    if (piece === undefined) throw new BlobFailure(400, "InvalidBlockList", "The specified block list is invalid.");
    return { id, piece };
  });
  const blocks = listed.map(({ id }) => id);
  const blob = store.put(
    address,
    { type: "BlockBlob", blocks, ...described(request) },
    listed.map(({ piece }) => piece),
  );
  return written(blob);
};

export const appendBlock: BlobWrite = async (request, _url, store, address) => {
  const before = store.find(address);
  if (before === undefined) throw blobNotFound();
  if (before.type !== "AppendBlob") {
    throw new BlobFailure(409, "InvalidBlobType", "The blob type is invalid for this operation.");
  }
  requireWritable(request, store, address);
  const piece = await take(request, store);
  const blob = store.append(address, store.find(address) ?? before, piece);
  const { status, headers, body } = written(blob, piece);
  return { status, headers: { ...headers, "x-ms-blob-append-offset": `${blob.bytes - piece.bytes}` }, body };
};

export const setMetadata: BlobWrite = async (request, _url, store, address) => {
  const before = store.find(address);
  if (before === undefined) throw blobNotFound();
  requireWritable(request, store, address);
  const { etag, modified } = store.setMetadata(address, before, described(request).metadata);
  return { status: 200, headers: { etag, "last-modified": modified.toUTCString(), "content-length": "0" }, body: "" };
};

export const removeBlob: BlobWrite = async (request, url, store, address) => {
  const before = store.find(address);
  const key = keyOf(address);
  const [snapshot, version] = ["snapshot", "versionid"].map((name) => url.searchParams.get(name) ?? undefined);
  const keeping = store.accounts.keeping(address.account);
  const snapshots = store.history.list(key).filter((kept) => kept.kind === "snapshot" && kept.deletedAt === undefined);
  const accepted = { status: 202, headers: { "content-length": "0" }, body: "" };
  if (snapshot !== undefined || version !== undefined) {
    const [kind, at] = snapshot === undefined ? ["version", version] : ["snapshot", snapshot];
    store.history.remove(key, (kept) => kept.kind === kind && kept.at === at, keeping);
    return accepted;
  }
  if (before === undefined) throw blobNotFound();
  requireWritable(request, store, address);
  const which = request.headers["x-ms-delete-snapshots"];
  if (which === undefined && snapshots.length > 0) {
    const message = "This operation is not permitted because the blob has snapshots.";
    throw new BlobFailure(409, "SnapshotsPresent", message);
  }
  if (which === "only") store.history.remove(key, ({ kind }) => kind === "snapshot", keeping);
  else store.remove(address);
  return accepted;
};

export const snapshotBlob: BlobWrite = async (request, _url, store, address) => {
  const blob = store.find(address);
  if (blob === undefined) throw blobNotFound();
  requireConditions(request.headers, blob);
  store.leases.requireRead(keyOf(address), request.headers["x-ms-lease-id"]);
  const { metadata } = described(request);
  const at = store.history.snapshot(keyOf(address), Object.keys(metadata).length === 0 ? blob : { ...blob, metadata });
  const { status, headers, body } = written(blob);
  return { status, headers: { ...headers, "x-ms-snapshot": at }, body };
};

/** Brings back a blob, or snapshots, that were deleted where the account keeps them for some days. */
export const undeleteBlob: BlobWrite = async (_request, _url, store, address) => {
  if (!store.restore(address) && store.find(address) === undefined) throw blobNotFound();
  return { status: 200, headers: { "content-length": "0" }, body: "" };
};

/** @throws BlobFailure where a lease or the request's conditions forbid it */
function requireWritable({ headers }: StreamedRequest, store: BlobStore, address: BlobAddress): Blob | undefined {
  const before = store.find(address);
  requireConditions(headers, before);
  store.leases.requireWrite(keyOf(address), headers["x-ms-lease-id"]);
  return before;
}

function written(blob: Blob, piece?: ReceivedPiece): StreamedResponse {
  const md5 = piece === undefined ? {} : { "content-md5": piece.md5.toString("base64") };
  const version = { etag: blob.etag, "last-modified": blob.modified.toUTCString() };
  return { status: 201, headers: { ...version, ...md5, "content-length": "0" }, body: "" };
}

/** @throws BlobFailure where less or something else came than was announced */
async function take({ headers, body }: StreamedRequest, { pieces }: BlobStore): Promise<ReceivedPiece> {
  const piece = await pieces.take(body);
  const md5 = headers["content-md5"];
  if (md5 !== undefined && md5 !== piece.md5.toString("base64")) {
    throw new BlobFailure(
      400,
      "Md5Mismatch",
      "The MD5 value specified in the request did not match with the MD5 value calculated by the server.",
    );
  }
  return piece;
}

/** Headers of one request as a blob keeps them. */
function described({ headers }: StreamedRequest): {
  readonly metadata: Blob["metadata"];
  readonly contentType?: string;
} {
  const metadata = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith("x-ms-meta-") ? [[name.slice("x-ms-meta-".length), value] as const] : [],
  );
  const contentType = headers["x-ms-blob-content-type"] ?? headers["content-type"];
  return { metadata: Object.fromEntries(metadata), ...(contentType === undefined ? {} : { contentType }) };
}

function isBlockId(id: string): boolean {
  return id !== "" && Buffer.from(id, "base64").toString("base64") === id && Buffer.from(id, "base64").length <= 64;
}

function invalidParameter(name: string, value: string): BlobFailure {
  const message = "One of the query parameters specified in the request URI is not in the permissible range.";
  const details = { QueryParameterName: name, QueryParameterValue: value };
  return new BlobFailure(400, "InvalidQueryParameterValue", message, details);
}
