import type { RegistryFacts } from "../../../src/actions/acr-import/world.ts";
import type { Descriptor } from "../../../src/image/manifest.ts";
import type { AcrManifest, AcrTag } from "../../../src/registry/registry.ts";

interface Tag {
  digest: string;
  locked: boolean;
}

/** A registry in memory. */
export interface SimulatedRegistry {
  readonly host: string;
  readonly facts: RegistryFacts | undefined;
  /** By `name:tag`. */
  readonly tags: Map<string, Tag>;
  /** By `name@digest`. */
  readonly manifests: Map<string, { readonly descriptor: Descriptor; readonly locked: boolean; readonly text: string }>;
  /** By `name@digest`: what points at it. */
  readonly referrers: Map<string, Descriptor[]>;
}

/** The tags of a repository as the registry tells them. */
export function listTags({ tags }: SimulatedRegistry, name: string): readonly AcrTag[] {
  return [...tags]
    .filter(([key]) => key.startsWith(`${name}:`))
    .map(([key, { digest, locked }]) => ({
      name: key.slice(name.length + 1),
      digest,
      createdAt: undefined,
      updatedAt: undefined,
      writeEnabled: !locked,
      deleteEnabled: !locked,
    }));
}

/** The manifests of a repository as the registry tells them. */
export function listManifests({ manifests }: SimulatedRegistry, name: string): readonly AcrManifest[] {
  return [...manifests]
    .filter(([key]) => key.startsWith(`${name}@`))
    .map(([, { descriptor, locked }]) => ({
      ...descriptor,
      tags: [],
      references: [],
      createdAt: undefined,
      writeEnabled: !locked,
      deleteEnabled: !locked,
    }));
}

/** What a tag or digest stands for. */
export function findDescriptor(
  { tags, manifests }: SimulatedRegistry,
  name: string,
  reference: string,
): Descriptor | undefined {
  const digest = reference.includes(":") ? reference : tags.get(`${name}:${reference}`)?.digest;
  return manifests.get(`${name}@${digest}`)?.descriptor;
}
