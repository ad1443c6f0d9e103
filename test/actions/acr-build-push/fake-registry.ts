import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { type Manifest, MEDIA_TYPES } from "../../../src/image/manifest.ts";
import type { Registry } from "../../../src/registry/registry.ts";

/** A registry in memory: what `run` does to it can be looked at, and any of its answers can be spoiled. */
export interface FakeRegistry extends Registry {
  /** `repository:tag` to digest. */
  readonly tags: Map<string, string>;
  /** `repository@digest` to manifest. */
  readonly manifests: Map<string, Manifest>;
  /** What was asked, in order: `PUT team/app:v1`. */
  readonly asked: string[];
  /** Grants of the token; undefined when it does not say. */
  grants: readonly string[] | undefined;
  /** Thrown instead of answering, when it returns an error for what is asked. */
  spoil: (asked: string) => Error | undefined;
  add(name: string, manifest: Manifest, ...tags: string[]): void;
}

export function createFakeRegistry(host: string): FakeRegistry {
  const tags = new Map<string, string>();
  const manifests = new Map<string, Manifest>();
  const asked: string[] = [];
  const ask = (what: string): void => {
    asked.push(what);
    const error = fake.spoil(what);
    if (error !== undefined) throw error;
  };
  const digestOf = (name: string, reference: string): string | undefined =>
    reference.includes(":") ? reference : tags.get(`${name}:${reference}`);
  const find = (name: string, reference: string): Manifest | undefined =>
    manifests.get(`${name}@${digestOf(name, reference) ?? ""}`);
  const spell = (name: string, reference: string): string =>
    `${name}${reference.includes(":") ? "@" : ":"}${reference}`;
  const fake: FakeRegistry = {
    host,
    tags,
    manifests,
    asked,
    grants: undefined,
    spoil: () => undefined,
    add: (name, manifest, ...names) => {
      manifests.set(`${name}@${manifest.digest}`, manifest);
      for (const tag of names) tags.set(`${name}:${tag}`, manifest.digest);
    },
    findManifest: async (name, reference) => {
      ask(`HEAD ${spell(name, reference)}`);
      const found = find(name, reference);
      return found && { mediaType: found.mediaType, digest: found.digest, size: found.bytes.length };
    },
    readManifest: async (name, reference) => {
      ask(`GET ${spell(name, reference)}`);
      return find(name, reference);
    },
    putManifest: async (name, reference, manifest) => {
      ask(`PUT ${spell(name, reference)}`);
      fake.add(name, manifest, ...(reference.includes(":") ? [] : [reference]));
    },
    hasBlob: async () => true,
    mountBlob: async () => true,
    uploadBlob: async () => {},
    readBlob: async () => Readable.from([]),
    listReferrers: async () => [],
    listTags: async (name) => {
      ask(`TAGS ${name}`);
      return [...tags.keys()].flatMap((key) => (key.startsWith(`${name}:`) ? [key.slice(name.length + 1)] : []));
    },
    listGrants: async () => fake.grants,
  };
  return fake;
}

/** A manifest whose content is `text`. */
export function makeManifest(text: string): Manifest {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.ociManifest, text }));
  return { mediaType: MEDIA_TYPES.ociManifest, bytes, digest: digestOf(bytes) };
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
