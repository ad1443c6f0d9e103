import type { Readable } from "node:stream";
import type { ArmWorld } from "../arm/world.ts";
import type { StreamingService } from "../azure.ts";
import type { StreamedRequest, StreamedResponse } from "../wire.ts";
import { type AddAccountOptions, createAccounts, type StorageAccount } from "./accounts.ts";
import type { Blob, BlobAddress, NewBlob } from "./blob.ts";
import { keyOf } from "./blob.ts";
import { createForwarder, type ForwardOptions } from "./forward.ts";
import type { LeaseStatus } from "./leases.ts";
import { createPieces, pieceOf } from "./pieces.ts";
import { createSignatures, type SasOptions } from "./sas.ts";
import { createBlobService } from "./service.ts";
import { type BlobSettings, defaultBlobSettings } from "./settings.ts";
import { type BlobStore, createBlobStore } from "./store.ts";

export type { BlobStore } from "./store.ts";

export interface BlobOptions {
  /** What comes in at once and is larger than this is kept in a file without a name. 64 kB where left out. */
  readonly memoryBytes?: number;
}

/**
 * Blob storage of every account. A tenant's accounts and containers are those of ARM, and logins get as far as their
 * roles let them; besides there are accounts of Azure itself, which only links with a signature lead to.
 */
export interface Blobs extends AsyncDisposable {
  readonly store: BlobStore;
  readonly settings: BlobSettings;
  /** Puts an account into ARM, with its containers. */
  addAccount(options: AddAccountOptions): StorageAccount;
  /** Where the account is not ARM's, only links lead to the container. */
  addContainer(account: string, container: string): void;
  /** Lets another storage answer for an account: its names stay, tokens and roles are still looked at here. */
  forward(account: string, options: ForwardOptions): void;
  find(address: BlobAddress): Blob | undefined;
  /** Names of the blobs of a container, in order. */
  names(account: string, container: string): readonly string[];
  lease(address: BlobAddress): LeaseStatus;
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

/** One operation of the data plane. */
export type BlobOperation = (
  request: StreamedRequest,
  url: URL,
  store: BlobStore,
  address: BlobAddress,
) => Promise<StreamedResponse>;
export type BlobWrite = BlobOperation;
export type BlobRead = BlobOperation;

export function createBlobs(world: ArmWorld, { memoryBytes = 64 * 1024 }: BlobOptions = {}): Blobs {
  const { clock } = world;
  const pieces = createPieces(memoryBytes);
  const settings = defaultBlobSettings();
  const accounts = createAccounts(world, (account, container) => store.empty(account, container));
  const store: BlobStore = createBlobStore({ clock, pieces, accounts, settings });
  const signatures = createSignatures(clock);
  const forwarder = createForwarder();
  return {
    store,
    settings,
    addAccount: accounts.add,
    addContainer: accounts.addContainer,
    forward: forwarder.forward,
    find: store.find,
    names: (account, container) => store.names({ account, container, name: "" }),
    lease: (address) => store.leases.find(keyOf(address)),
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
    answer: createBlobService({ store, signatures, forwarder }),
    [Symbol.asyncDispose]: async () => {
      forwarder.close();
      await pieces[Symbol.asyncDispose]();
    },
  };
}

function known(store: BlobStore, address: BlobAddress): Blob {
  const blob = store.find(address);
  if (blob === undefined) throw new Error(`No blob ${keyOf(address)}`);
  return blob;
}
