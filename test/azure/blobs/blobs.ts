import type { Readable } from "node:stream";
import type { StreamingService } from "../azure.ts";
import type { Clock } from "../clock.ts";
import { appended, type Blob, type BlobAddress, blobOf, keyOf, type NewBlob } from "./blob.ts";
import { createPieces, type Piece, type Pieces, pieceOf } from "./pieces.ts";
import { createSignatures, type SasOptions } from "./sas.ts";
import { createBlobService } from "./service.ts";

export interface BlobOptions {
  /** What comes in at once and is larger than this is kept in a file without a name. 64 kB where left out. */
  readonly memoryBytes?: number;
}

/** Blob storage of every account. Containers exist once they were added; leases are not known. */
export interface Blobs extends AsyncDisposable {
  readonly store: BlobStore;
  addContainer(account: string, container: string): void;
  find(address: BlobAddress): Blob | undefined;
  /** What the blob holds now; later writes do not change it. Undefined where there is none. */
  read(address: BlobAddress): Readable | undefined;
  put(address: BlobAddress, blob: NewBlob, content?: string | Buffer): Blob;
  /** Adds to the end of a blob that is there. */
  append(address: BlobAddress, content: string | Buffer): void;
  setMetadata(address: BlobAddress, metadata: Blob["metadata"]): void;
  remove(address: BlobAddress): void;
  /** A link with a signature. */
  sign(address: BlobAddress, options: SasOptions): string;
  readonly answer: StreamingService;
}

/** Versions of blobs by address, and blocks that nobody has committed yet. */
export interface BlobStore {
  readonly clock: Clock;
  readonly pieces: Pieces;
  /** Whether the account has any container: others are not ours. */
  hasAccount(account: string): boolean;
  hasContainer(address: BlobAddress): boolean;
  find(address: BlobAddress): Blob | undefined;
  /** Replaces the blob, and forgets its uncommitted blocks. */
  put(address: BlobAddress, blob: NewBlob, pieces: readonly Piece[]): Blob;
  append(address: BlobAddress, blob: Blob, piece: Piece): Blob;
  setMetadata(address: BlobAddress, blob: Blob, metadata: Blob["metadata"]): Blob;
  remove(address: BlobAddress): void;
  /** By block id. */
  uncommitted(address: BlobAddress): Map<string, Piece>;
}

export function createBlobs(clock: Clock, { memoryBytes = 64 * 1024 }: BlobOptions = {}): Blobs {
  const containers = new Set<string>();
  const pieces = createPieces(memoryBytes);
  const store = createStore(clock, pieces, containers);
  const signatures = createSignatures(clock);
  return {
    store,
    addContainer: (account, container) => {
      containers.add(`${account}/${container}`);
    },
    find: store.find,
    read: (address) => {
      const blob = store.find(address);
      return blob === undefined ? undefined : pieces.read(blob.pieces, 0, blob.bytes);
    },
    put: (address, blob, content = "") => store.put(address, blob, content.length === 0 ? [] : [pieceOf(content)]),
    append: (address, content) => {
      store.append(address, known(store, address), pieceOf(content));
    },
    setMetadata: (address, metadata) => {
      store.setMetadata(address, known(store, address), metadata);
    },
    remove: store.remove,
    sign: signatures.sign,
    answer: createBlobService(store, signatures),
    [Symbol.asyncDispose]: () => pieces[Symbol.asyncDispose](),
  };
}

function known(store: BlobStore, address: BlobAddress): Blob {
  const blob = store.find(address);
  if (blob === undefined) throw new Error(`No blob ${keyOf(address)}`);
  return blob;
}

function createStore(clock: Clock, pieces: Pieces, containers: ReadonlySet<string>): BlobStore {
  const blobs = new Map<string, Blob>();
  const blocks = new Map<string, Map<string, Piece>>();
  const keep = (address: BlobAddress, blob: Blob) => {
    blobs.set(keyOf(address), blob);
    return blob;
  };
  const find = (address: BlobAddress) => blobs.get(keyOf(address));
  return {
    clock,
    pieces,
    hasAccount: (account) => [...containers].some((each) => each.startsWith(`${account}/`)),
    hasContainer: ({ account, container }) => containers.has(`${account}/${container}`),
    find,
    put: (address, blob, content) => {
      blocks.delete(keyOf(address));
      return keep(address, blobOf(blob, content, clock.now(), find(address)));
    },
    append: (address, blob, piece) => {
      const { md5: _, ...before } = blob;
      return keep(address, blobOf(before, appended(blob.pieces, piece), clock.now(), blob));
    },
    setMetadata: (address, blob, metadata) =>
      keep(address, { ...blobOf({ ...withoutMd5(blob), metadata }, blob.pieces, clock.now(), blob), md5: blob.md5 }),
    remove: (address) => {
      blobs.delete(keyOf(address));
      blocks.delete(keyOf(address));
    },
    uncommitted: (address) => {
      const known = blocks.get(keyOf(address)) ?? new Map<string, Piece>();
      blocks.set(keyOf(address), known);
      return known;
    },
  };
}

function withoutMd5({ md5: _, ...blob }: Blob): NewBlob {
  return blob;
}
