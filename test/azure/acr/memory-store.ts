import { Readable } from "node:stream";
import type { StoredBlob } from "./backend.ts";
import { readLinks, type StoredManifest } from "./oci.ts";

interface Repository {
  readonly manifests: Map<string, StoredManifest>;
  readonly tags: Map<string, string>;
  /** Digests of the blobs that were put or mounted here. */
  readonly blobs: Set<string>;
}

/** The contents of one registry, in memory. Blobs are shared by its repositories. */
export interface MemoryStore {
  /** Names in alphabetical order. */
  repositories(): readonly string[];
  find(name: string): Repository | undefined;
  ensure(name: string): Repository;
  manifest(name: string, reference: string): StoredManifest | undefined;
  /** Digests of the manifests whose subject this is. */
  referrers(name: string, digest: string): readonly string[];
  blob(name: string, digest: string): StoredBlob | undefined;
  putBlob(name: string, digest: string, chunks: readonly Buffer[]): void;
  removeManifest(name: string, digest: string): void;
}

export function createMemoryStore(): MemoryStore {
  const repositories = new Map<string, Repository>();
  const blobs = new Map<string, readonly Buffer[]>();
  const manifest = (name: string, reference: string) => {
    const repository = repositories.get(name);
    return repository?.manifests.get(repository.tags.get(reference) ?? reference);
  };
  return {
    repositories: () => [...repositories.keys()].sort(),
    find: (name) => repositories.get(name),
    ensure: (name) => {
      const known = repositories.get(name) ?? { manifests: new Map(), tags: new Map(), blobs: new Set() };
      repositories.set(name, known);
      return known;
    },
    manifest,
    referrers: (name, digest) =>
      [...(repositories.get(name)?.manifests.values() ?? [])]
        .filter((each) => readLinks(each).subject === digest)
        .map((each) => each.digest),
    blob: (name, digest) => {
      const chunks = repositories.get(name)?.blobs.has(digest) === true ? blobs.get(digest) : undefined;
      if (chunks === undefined) return undefined;
      const size = chunks.reduce((sum, { length }) => sum + length, 0);
      return {
        size,
        read: async (range = { start: 0, end: size - 1 }) => Readable.from(slices(chunks, range.start, range.end + 1)),
      };
    },
    putBlob: (name, digest, chunks) => {
      if (!blobs.has(digest)) blobs.set(digest, chunks);
      repositories.get(name)?.blobs.add(digest);
    },
    removeManifest: (name, digest) => {
      const repository = repositories.get(name);
      if (repository === undefined) return;
      repository.manifests.delete(digest);
      for (const [tag, at] of repository.tags) if (at === digest) repository.tags.delete(tag);
      // ACR shows no repository that holds nothing.
      if (repository.manifests.size === 0) repositories.delete(name);
    },
  };
}

function* slices(chunks: readonly Buffer[], start: number, end: number): Generator<Buffer> {
  let offset = 0;
  for (const chunk of chunks) {
    const part = chunk.subarray(Math.max(0, start - offset), Math.max(0, end - offset));
    offset += chunk.length;
    if (part.length > 0) yield part;
  }
}
