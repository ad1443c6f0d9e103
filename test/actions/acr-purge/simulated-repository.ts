import { type Descriptor, MEDIA_TYPES } from "../../../src/image/manifest.ts";
import type { AcrManifest, AcrTag } from "../../../src/registry/registry.ts";

export interface SimulatedManifest {
  readonly digest: string;
  /** Digests of the manifests in it. */
  readonly references: readonly string[];
  /** The digest that it points at as a signature or attestation. */
  readonly subject: string | undefined;
  locked: boolean;
}

export interface SimulatedRepository {
  readonly tags: Map<string, { digest: string; locked: boolean }>;
  readonly manifests: Map<string, SimulatedManifest>;
}

/** A digest that people can tell apart in a failed test. */
export function digestOf(label: string): string {
  const hex = Buffer.from(label).toString("hex").slice(0, 64);
  return `sha256:${hex.padEnd(64, "0")}`;
}

export function listFalling(digest: string, { manifests }: SimulatedRepository): ReadonlySet<string> {
  const falling = new Set([digest]);
  // A set takes in what is added while it is walked.
  for (const one of falling)
    for (const { digest: other, subject } of manifests.values()) if (subject === one) falling.add(other);
  return falling;
}

export function toTag(name: string, digest: string, locked: boolean): AcrTag {
  return { name, digest, createdAt: undefined, updatedAt: undefined, writeEnabled: !locked, deleteEnabled: !locked };
}

export function toManifest(
  { digest, references, locked }: SimulatedManifest,
  { tags }: SimulatedRepository,
): AcrManifest {
  return {
    digest,
    mediaType: references.length === 0 ? MEDIA_TYPES.ociManifest : MEDIA_TYPES.ociIndex,
    tags: [...tags].flatMap(([tag, one]) => (one.digest === digest ? [tag] : [])),
    references,
    size: 100,
    createdAt: undefined,
    writeEnabled: !locked,
    deleteEnabled: !locked,
  };
}

export function toDescriptor({ digest }: SimulatedManifest): Descriptor {
  return { mediaType: MEDIA_TYPES.ociManifest, digest, size: 100 };
}
