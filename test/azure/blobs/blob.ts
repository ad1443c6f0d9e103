import { createHash } from "node:crypto";
import { stampOf } from "./history.ts";
import { type Piece, pieceOf } from "./pieces.ts";

/** Where a blob is: `https://<account>.blob.core.windows.net/<container>/<name>`. */
export interface BlobAddress {
  readonly account: string;
  readonly container: string;
  readonly name: string;
}

export interface Blob {
  readonly type: "BlockBlob" | "AppendBlob";
  readonly contentType: string;
  readonly created: Date;
  readonly modified: Date;
  readonly etag: string;
  /** What this state is called by where an account keeps versions. */
  readonly version: string;
  /** Names keep the case they were given in. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly pieces: readonly Piece[];
  /** Ids of the committed blocks, in the order of `pieces`; empty where the blob was put as a whole. */
  readonly blocks: readonly string[];
  readonly bytes: number;
  readonly md5: Buffer | undefined;
}

export type NewBlob = Pick<Blob, "type"> & Partial<Pick<Blob, "contentType" | "metadata" | "blocks" | "md5">>;

/** Makes the next version of a blob: what is asked of one version never changes under the reader. */
export function blobOf(given: NewBlob, pieces: readonly Piece[], now: Date, before?: Blob): Blob {
  const { type, contentType = "application/octet-stream", metadata = {}, blocks = [], md5 } = given;
  const bytes = pieces.reduce((sum, piece) => sum + piece.bytes, 0);
  return {
    ...{ type, contentType, metadata, blocks, pieces, bytes, md5 },
    created: before?.created ?? now,
    modified: now,
    etag: nextEtag(),
    version: stampOf(now),
  };
}

const SMALL = 16 * 1024;

/** A log grows line by line: small pieces at its end are joined, so that there are never many. */
export function appended(pieces: readonly Piece[], piece: Piece): readonly Piece[] {
  const last = pieces.at(-1);
  if (last === undefined || !Buffer.isBuffer(last.at) || !Buffer.isBuffer(piece.at)) return [...pieces, piece];
  if (last.bytes + piece.bytes > SMALL) return [...pieces, piece];
  return [...pieces.slice(0, -1), pieceOf(Buffer.concat([last.at, piece.at]))];
}

/** How a container's blobs are found: names of blobs fold nothing. */
export function keyOf({ account, container, name }: BlobAddress): string {
  return `${account}/${container}/${name}`;
}

/** The path of a URL as names. They are empty where it names a container or an account. */
export function parseAddress(url: URL): BlobAddress {
  const account = url.hostname.split(".")[0] ?? "";
  const [, container = "", name = ""] = /^\/([^/]*)(?:\/(.*))?$/.exec(url.pathname) ?? [];
  return { account, container: decodeURIComponent(container), name: decodeURIComponent(name) };
}

let versions = 0;

function nextEtag(): string {
  versions += 1;
  return `"0x8D${createHash("sha1").update(`${versions}`).digest("hex").slice(0, 13).toUpperCase()}"`;
}
