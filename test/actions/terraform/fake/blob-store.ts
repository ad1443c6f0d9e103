import type { StateContainer } from "../../../../src/azure/state-container.ts";
import { UserError } from "../../../../src/kit/user-error.ts";

export interface FakeBlob {
  bytes: Buffer;
  etag: string;
  metadata: Readonly<Record<string, string>>;
  /** The id of an infinite lease. */
  lease: string | undefined;
}

/** A container in memory, with etags and infinite leases as Azure has them. */
export interface BlobStore extends StateContainer {
  readonly blobs: Map<string, FakeBlob>;
  /** What our own code asked, in order: `write a.tfstate.run`. Terraform's own requests are not among them. */
  readonly requests: string[];
  /** Answers every request of ours, as a role that is missing does. */
  refusal: UserError | undefined;
  /** What terraform's backend does on the wire. */
  readonly wire: {
    get(name: string): Promise<Buffer | undefined>;
    put(name: string, bytes: Buffer, lease?: string): Promise<void>;
    setMetadata(name: string, metadata: Readonly<Record<string, string>>, lease: string): Promise<void>;
    acquire(name: string, lease: string): Promise<boolean>;
    release(name: string, lease: string): Promise<void>;
  };
}

/** @param pace waited for at each request, so that a test decides who goes first */
export function createBlobStore(pace: () => Promise<void>): BlobStore {
  const blobs = new Map<string, FakeBlob>();
  let version = 0;
  const nextEtag = (): string => {
    version += 1;
    return `"0x${version.toString(16).padStart(8, "0")}"`;
  };
  const set = (name: string, change: Partial<FakeBlob>): void => {
    const before = blobs.get(name) ?? { bytes: Buffer.alloc(0), metadata: {}, lease: undefined };
    blobs.set(name, { ...before, ...change, etag: nextEtag() });
  };
  const mustHold = (name: string, lease: string | undefined): void => {
    const held = blobs.get(name)?.lease;
    if (held === lease || (held === undefined && lease === undefined)) return;
    throw new Error(`412 ${held === undefined ? "LeaseNotPresent" : "LeaseIdMissing"}: ${name}`);
  };
  const asked = async (what: string): Promise<void> => {
    await pace();
    store.requests.push(what);
    if (store.refusal !== undefined) throw store.refusal;
  };
  const store: BlobStore = {
    blobs,
    requests: [],
    refusal: undefined,
    find: async (name) => {
      await asked(`find ${name}`);
      const blob = blobs.get(name);
      if (blob === undefined) return undefined;
      const lease = { state: blob.lease === undefined ? "available" : "leased", infinite: blob.lease !== undefined };
      const { bytes, etag, metadata } = blob;
      return { name, size: bytes.length, etag, lastModified: new Date(0), metadata, lease };
    },
    read: async (name) => {
      await asked(`read ${name}`);
      return blobs.get(name)?.bytes;
    },
    write: async (name, bytes, { onlyNew = false, metadata = {} } = {}) => {
      await asked(`write ${name}`);
      const there = blobs.get(name);
      if (onlyNew && there !== undefined) return "exists";
      if (there?.lease !== undefined) throw new UserError("storage-leased", `${name} is leased`);
      set(name, { bytes, metadata });
      return "written";
    },
    delete: async (name, { etag } = {}) => {
      await asked(`delete ${name}`);
      const there = blobs.get(name);
      if (there === undefined) return "absent";
      if (etag !== undefined && etag !== there.etag) return "changed";
      if (there.lease !== undefined) return "leased";
      blobs.delete(name);
      return "deleted";
    },
    list: async (prefix) => {
      await asked(`list ${prefix}`);
      return [...blobs.keys()].filter((name) => name.startsWith(prefix)).sort();
    },
    breakLease: async (name, { etag } = {}) => {
      await asked(`break ${name}`);
      const there = blobs.get(name);
      if (there === undefined) return "absent";
      if (etag !== undefined && etag !== there.etag) return "changed";
      const { terraformlockid: _, ...metadata } = there.metadata;
      set(name, { lease: undefined, metadata });
      return "broken";
    },
    wire: {
      get: async (name) => {
        await pace();
        return blobs.get(name)?.bytes;
      },
      put: async (name, bytes, lease) => {
        await pace();
        mustHold(name, lease);
        set(name, { bytes });
      },
      setMetadata: async (name, metadata, lease) => {
        await pace();
        mustHold(name, lease);
        set(name, { metadata });
      },
      // A lease alone leaves the etag as it is.
      acquire: async (name, lease) => {
        await pace();
        const blob = blobs.get(name);
        if (blob === undefined || blob.lease !== undefined) return false;
        blob.lease = lease;
        return true;
      },
      release: async (name, lease) => {
        await pace();
        mustHold(name, lease);
        const blob = blobs.get(name);
        if (blob !== undefined) blob.lease = undefined;
      },
    },
  };
  return store;
}
