import type { Readable } from "node:stream";
import type { Descriptor, Manifest } from "../image/manifest.ts";
import type { Registry } from "./registry.ts";

/** Where an image comes from. */
export interface ImageSource {
  /** What it is called in a message. */
  readonly label: string;
  /** By digest; a registry knows tags as well. */
  readManifest(reference: string): Promise<Manifest | undefined>;
  /** The blob's bytes, checked against the digest while they are read. */
  readBlob(digest: string): Promise<Readable>;
  listReferrers(digest: string): Promise<readonly Descriptor[]>;
  /** Where its blobs can be mounted from without being sent. */
  readonly mount?: { readonly host: string; readonly name: string };
}

/** A repository of a registry as a source. */
export function readFrom(registry: Registry, name: string): ImageSource {
  return {
    label: `${registry.host}/${name}`,
    readManifest: (reference) => registry.readManifest(name, reference),
    readBlob: (digest) => registry.readBlob(name, digest),
    listReferrers: (digest) => registry.listReferrers(name, digest),
    mount: { host: registry.host, name },
  };
}
