import type { Readable } from "node:stream";
import type { StreamedRequest, StreamedResponse } from "../wire.ts";
import type { OciRoute, StoredManifest } from "./oci.ts";

/** A blob that is there. */
export interface StoredBlob {
  readonly size: number;
  /** From `start` up to `end`, both included; the whole where left out. */
  read(range?: { readonly start: number; readonly end: number }): Promise<Readable>;
}

/** What keeps the contents of one registry. Who may do what, locks, lists and times are decided above it. */
export interface OciBackend {
  /** Whether its contents may also be changed by another way than through the emulator. */
  readonly elsewhere?: boolean;
  /** Carries out a request of the distribution protocol for blobs, uploads, manifests and referrers. @throws RegistryFailure */
  answer(route: OciRoute, request: StreamedRequest, url: URL): Promise<StreamedResponse>;
  listRepositories(): Promise<readonly string[]>;
  /** Undefined where there is no such repository. */
  listTags(name: string): Promise<readonly string[] | undefined>;
  findManifest(name: string, reference: string): Promise<StoredManifest | undefined>;
  /** Under a tag, or under its own digest. @throws RegistryFailure */
  putManifest(name: string, reference: string, manifest: StoredManifest): Promise<void>;
  /** With every tag on it. */
  deleteManifest(name: string, digest: string): Promise<void>;
  /** Removes a tag alone. */
  untag(name: string, tag: string): Promise<void>;
  findBlob(name: string, digest: string): Promise<StoredBlob | undefined>;
  putBlob(name: string, digest: string, size: number, content: Readable): Promise<void>;
  /** Digests of the manifests whose subject this is. */
  listReferrers(name: string, digest: string): Promise<readonly string[]>;
}
