import type { Readable } from "node:stream";
import type { Descriptor, Manifest } from "../image/manifest.ts";

/** One registry, spoken to by the OCI distribution protocol (https://github.com/opencontainers/distribution-spec). */
export interface Registry {
  readonly host: string;
  /** What a tag or digest stands for, by HEAD; undefined when the registry does not have it. */
  findManifest(name: string, reference: string): Promise<Descriptor | undefined>;
  /** The bytes, checked against their digest; undefined when the registry does not have it. */
  readManifest(name: string, reference: string): Promise<Manifest | undefined>;
  /** Puts a manifest under a tag or under its own digest. */
  putManifest(name: string, reference: string, manifest: Manifest): Promise<void>;
  hasBlob(name: string, digest: string): Promise<boolean>;
  /** Makes a blob of another repository of the same registry known in this one; false when it must be uploaded. */
  mountBlob(name: string, digest: string, from: string): Promise<boolean>;
  /** Streams a blob up; `open` is called once for each try. */
  uploadBlob(name: string, blob: Pick<Descriptor, "digest" | "size">, open: () => Promise<Readable>): Promise<void>;
  /** The blob's bytes, checked against the digest while they are read. */
  readBlob(name: string, digest: string): Promise<Readable>;
  /** Signatures, attestations and the like that point at a digest. */
  listReferrers(name: string, digest: string): Promise<readonly Descriptor[]>;
  /** Every tag's name, all pages; empty when the repository does not exist. */
  listTags(name: string): Promise<readonly string[]>;
  /** What the registry grants us in a repository (`pull`, `push`, `delete` …); undefined when its token does not say. */
  listGrants(name: string, wanted: readonly string[]): Promise<readonly string[] | undefined>;
}

/** What Azure Container Registry keeps besides, below `/acr/v1`. */
export interface AcrMetadata {
  /** What may be done with a repository as a whole; undefined when there is no such repository. */
  findLocks(name: string): Promise<AcrLocks | undefined>;
  /** Undefined when there is no such repository. */
  listTags(name: string): Promise<readonly AcrTag[] | undefined>;
  listManifests(name: string): Promise<readonly AcrManifest[] | undefined>;
  /** Removes a tag and leaves its manifest; `gone` when it was not there. */
  untag(name: string, tag: string): Promise<"removed" | "gone" | "locked">;
  /** Removes a manifest with every tag on it. */
  deleteManifest(name: string, digest: string): Promise<"removed" | "gone" | "locked">;
}

/** Both true on what may be changed and removed. */
export interface AcrLocks {
  readonly writeEnabled: boolean;
  readonly deleteEnabled: boolean;
}

export interface AcrTag extends AcrLocks {
  readonly name: string;
  readonly digest: string;
  readonly createdAt: Date | undefined;
  readonly updatedAt: Date | undefined;
}

export interface AcrManifest extends AcrLocks {
  readonly digest: string;
  readonly mediaType: string;
  readonly tags: readonly string[];
  /** Digests that this index or list is made of. */
  readonly references: readonly string[];
  readonly size: number;
  readonly createdAt: Date | undefined;
}
