import { createHash } from "node:crypto";
import { asObject, asText, type Json } from "../wire.ts";
import { RegistryFailure } from "./failure.ts";

/** What a path below `/v2/` stands for. */
export type OciRoute =
  | { readonly kind: "base" }
  | { readonly kind: "catalog" }
  | { readonly kind: "tags"; readonly name: string }
  | { readonly kind: "uploads"; readonly name: string }
  | { readonly kind: "manifest"; readonly name: string; readonly reference: string }
  | { readonly kind: "blob"; readonly name: string; readonly digest: string }
  | { readonly kind: "referrers"; readonly name: string; readonly digest: string }
  | { readonly kind: "upload"; readonly name: string; readonly id: string };

const NAME = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Undefined for what the protocol does not have. @throws RegistryFailure for a name, tag or digest that cannot be one */
export function parseOciPath(path: string): OciRoute | undefined {
  if (/^\/v2\/?$/.test(path)) return { kind: "base" };
  if (/^\/v2\/_catalog$/.test(path)) return { kind: "catalog" };
  const [, name = "", kind, last = ""] =
    /^\/v2\/(.+)\/(tags\/list|manifests|blobs\/uploads|blobs|referrers)(?:\/([^/]*))?$/.exec(path) ?? [];
  if (kind === undefined) return undefined;
  requireName(name);
  switch (kind) {
    case "tags/list":
      return { kind: "tags", name };
    case "manifests":
      return { kind: "manifest", name, reference: requireReference(last) };
    case "blobs/uploads":
      return last === "" ? { kind: "uploads", name } : { kind: "upload", name, id: last };
    default:
      return { kind: kind === "blobs" ? "blob" : "referrers", name, digest: requireDigest(last) };
  }
}

/** @throws RegistryFailure */
export function requireName(name: string): void {
  if (name.length > 255 || !NAME.test(name)) {
    throw new RegistryFailure(400, "NAME_INVALID", "invalid repository name", { detail: { name } });
  }
}

/** @throws RegistryFailure */
export function requireDigest(text: string): string {
  if (!DIGEST.test(text)) throw new RegistryFailure(400, "DIGEST_INVALID", "provided digest is invalid");
  return text;
}

function requireReference(text: string): string {
  if (text.includes(":")) return requireDigest(text);
  if (!TAG.test(text)) throw new RegistryFailure(404, "MANIFEST_UNKNOWN", `manifest tagged by "${text}" is not found`);
  return text;
}

export function isDigest(reference: string): boolean {
  return reference.includes(":");
}

export function isTag(text: string): boolean {
  return TAG.test(text);
}

export function isRepositoryName(text: string): boolean {
  return NAME.test(text);
}

export function digestOf(bytes: Buffer | string): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
export const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

/** A manifest or an index, exactly as it was put. */
export interface StoredManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** What a manifest points to. */
export interface ManifestLinks {
  /** Its config and layers, without those that a foreign URL holds. */
  readonly blobs: readonly Json[];
  /** The manifests of an index. */
  readonly manifests: readonly Json[];
  readonly subject: string | undefined;
  readonly artifactType: string | undefined;
  readonly annotations: Json | undefined;
}

/** @throws RegistryFailure `MANIFEST_INVALID` where the bytes are no manifest, or one of another type than they say */
export function readLinks({ bytes, mediaType }: Pick<StoredManifest, "bytes" | "mediaType">): ManifestLinks {
  const manifest = parsed(bytes);
  const stated = asText(manifest?.["mediaType"]);
  if (manifest === undefined || manifest["schemaVersion"] !== 2)
    throw manifestInvalid("it is no manifest of version 2");
  if (stated !== undefined && stated !== mediaType) {
    throw manifestInvalid(`its mediaType is ${stated}, its Content-Type ${mediaType}`);
  }
  const index = mediaType === OCI_INDEX || mediaType === DOCKER_LIST;
  const manifests = index ? descriptors(manifest["manifests"]) : [];
  const config = asObject(manifest["config"]);
  if (!index && (config === undefined || !Array.isArray(manifest["layers"]))) {
    throw manifestInvalid("it has no config or no layers");
  }
  return {
    manifests,
    blobs:
      index || config === undefined
        ? []
        : [config, ...descriptors(manifest["layers"])].filter((each) => !("urls" in each)),
    subject: asText(asObject(manifest["subject"])?.["digest"]),
    artifactType: asText(manifest["artifactType"]) ?? asText(config?.["mediaType"]),
    annotations: asObject(manifest["annotations"]),
  };
}

export function manifestInvalid(why: string): RegistryFailure {
  return new RegistryFailure(400, "MANIFEST_INVALID", "manifest invalid", { detail: why });
}

function parsed(bytes: Buffer): Json | undefined {
  try {
    return asObject(JSON.parse(bytes.toString()));
  } catch {
    return undefined;
  }
}

function descriptors(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(asObject).filter((each) => each !== undefined) : [];
}
