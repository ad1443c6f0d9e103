import type { Clock } from "../clock.ts";
import type { Accounts } from "./accounts.ts";
import { appended, type Blob, type BlobAddress, blobOf, keyOf, type NewBlob } from "./blob.ts";
import { createHistory, type History } from "./history.ts";
import { createLeases, type Leases } from "./leases.ts";
import type { Piece, Pieces } from "./pieces.ts";
import type { BlobSettings } from "./settings.ts";

/** Blobs by address, what they were before, who has them leased, and blocks that nobody has committed yet. */
export interface BlobStore {
  readonly clock: Clock;
  readonly pieces: Pieces;
  readonly accounts: Accounts;
  readonly settings: BlobSettings;
  readonly leases: Leases;
  readonly history: History;
  find(address: BlobAddress): Blob | undefined;
  /** Of a container, in order; also of blobs of which only earlier states are left. */
  names(container: BlobAddress): readonly string[];
  /** Replaces the blob, and forgets its uncommitted blocks. */
  put(address: BlobAddress, blob: NewBlob, pieces: readonly Piece[]): Blob;
  append(address: BlobAddress, blob: Blob, piece: Piece): Blob;
  setMetadata(address: BlobAddress, blob: Blob, metadata: Blob["metadata"]): Blob;
  /** With its snapshots. */
  remove(address: BlobAddress): void;
  /** Brings back what was deleted softly. */
  restore(address: BlobAddress): boolean;
  /** The container is gone, and everything in it. */
  empty(account: string, container: string): void;
  /** By block id. */
  uncommitted(address: BlobAddress): Map<string, Piece>;
}

export function createBlobStore(parts: Pick<BlobStore, "clock" | "pieces" | "accounts" | "settings">): BlobStore {
  const { clock, accounts } = parts;
  const blobs = new Map<string, Blob>();
  /** Of all blobs that ever were, so that earlier states are found again. */
  const everNamed = new Map<string, BlobAddress>();
  const blocks = new Map<string, Map<string, Piece>>();
  const [leases, history] = [createLeases(clock), createHistory(clock)];
  const keep = (address: BlobAddress, blob: Blob) => {
    blobs.set(keyOf(address), blob);
    everNamed.set(keyOf(address), address);
    return blob;
  };
  const find = (address: BlobAddress) => blobs.get(keyOf(address));
  const replace = (address: BlobAddress, before: Blob | undefined, onlyVersions: boolean) => {
    const keeping = accounts.keeping(address.account);
    if (before !== undefined && !(onlyVersions && !keeping.versions)) {
      history.replaced(keyOf(address), before, keeping);
    }
  };
  return {
    ...parts,
    leases,
    history,
    find,
    names: ({ account, container }) =>
      [...everNamed.values()]
        .filter((each) => each.account === account && each.container === container)
        .filter((each) => find(each) !== undefined || history.list(keyOf(each)).length > 0)
        .map(({ name }) => name)
        .sort(),
    put: (address, blob, content) => {
      const before = find(address);
      replace(address, before, false);
      blocks.delete(keyOf(address));
      return keep(address, blobOf(blob, content, clock.now(), before));
    },
    append: (address, blob, piece) => {
      const { md5: _, ...before } = blob;
      return keep(address, blobOf(before, appended(blob.pieces, piece), clock.now(), blob));
    },
    setMetadata: (address, blob, metadata) => {
      replace(address, blob, true);
      const { md5: _, ...rest } = blob;
      return keep(address, { ...blobOf({ ...rest, metadata }, blob.pieces, clock.now(), blob), md5: blob.md5 });
    },
    remove: (address) => {
      const key = keyOf(address);
      const before = blobs.get(key);
      if (before !== undefined) history.deleted(key, before, accounts.keeping(address.account));
      blobs.delete(key);
      blocks.delete(key);
      leases.forget(key);
    },
    restore: (address) => {
      const before = history.list(keyOf(address));
      const blob = history.restore(keyOf(address));
      if (blob !== undefined && find(address) === undefined) keep(address, blob);
      return before.some(({ deletedAt }) => deletedAt !== undefined);
    },
    empty: (account, container) => {
      for (const [key, address] of everNamed) {
        if (address.account !== account || address.container !== container) continue;
        for (const place of [blobs, blocks, everNamed]) place.delete(key);
        leases.forget(key);
        history.forget(key);
      }
    },
    uncommitted: (address) => {
      const known = blocks.get(keyOf(address)) ?? new Map<string, Piece>();
      blocks.set(keyOf(address), known);
      return known;
    },
  };
}
