import { type Descriptor, type Manifest, MEDIA_TYPES, type Platform } from "../image/manifest.ts";
import { UserError } from "../kit/user-error.ts";
import { isDigestText } from "./names.ts";

/** What a manifest is made of. */
export interface Parts {
  /** Manifests of an index or list; empty for a manifest. */
  readonly children: readonly Descriptor[];
  /** The config and the layers of a manifest; empty for an index. */
  readonly blobs: readonly Descriptor[];
  /** What it points at as a signature or attestation. */
  readonly subject: Descriptor | undefined;
  readonly artifactType: string | undefined;
  readonly annotations: Readonly<Record<string, string>> | undefined;
}

const INDEXES: ReadonlySet<string> = new Set([MEDIA_TYPES.ociIndex, MEDIA_TYPES.dockerList]);

/** Whether content of this type is made of manifests. */
export function isIndex(mediaType: string): boolean {
  return INDEXES.has(mediaType);
}

/** @throws UserError `broken-image` for bytes that are no manifest, or one with a part that is not described well */
export function parseParts({ mediaType, digest, bytes }: Pick<Manifest, "mediaType" | "digest" | "bytes">): Parts {
  const body = parseObject(bytes, digest);
  const { manifests, config, layers, subject, artifactType, annotations } = body;
  const broken = (): UserError =>
    new UserError("broken-image", `The image is broken: ${digest} (${mediaType}) describes a part of it wrongly.`);
  const read = (value: unknown): readonly Descriptor[] => {
    const found = readDescriptors(value);
    if (Array.isArray(value) && found.length !== value.length) throw broken();
    return found;
  };
  const only = (value: unknown): Descriptor | undefined => (value === undefined ? undefined : read([value])[0]);
  const configBlob = only(config);
  const kind = typeof artifactType === "string" ? artifactType : configBlob?.mediaType;
  return {
    children: isIndex(mediaType) ? read(manifests ?? []) : [],
    // Layers of Windows images may be elsewhere (`urls`); nobody may pass those on.
    blobs: isIndex(mediaType) ? [] : [...(configBlob === undefined ? [] : [configBlob]), ...read(layers ?? [])],
    subject: only(subject),
    artifactType: kind,
    annotations: readTexts(annotations),
  };
}

/** Those entries of a list that are descriptors. */
export function readDescriptors(value: unknown): readonly Descriptor[] {
  return Array.isArray(value) ? value.flatMap((entry) => readDescriptor(entry) ?? []) : [];
}

function readDescriptor(value: unknown): Descriptor | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { mediaType, digest, size, platform, annotations, artifactType } = value as Readonly<Record<string, unknown>>;
  if (typeof digest !== "string" || !isDigestText(digest)) return undefined;
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) return undefined;
  if (typeof mediaType !== "string") return undefined;
  const texts = readTexts(annotations);
  const runsOn = readPlatform(platform);
  return {
    mediaType,
    digest,
    size,
    ...(runsOn === undefined ? {} : { platform: runsOn }),
    ...(texts === undefined ? {} : { annotations: texts }),
    ...(typeof artifactType === "string" ? { artifactType } : {}),
  };
}

function readPlatform(value: unknown): Platform | undefined {
  const { os, architecture, variant } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof os !== "string" || typeof architecture !== "string") return undefined;
  return { os, architecture, ...(typeof variant === "string" ? { variant } : {}) };
}

function readTexts(value: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

function parseObject(bytes: Buffer, digest: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below.
  }
  throw new UserError("broken-image", `The image is broken: ${digest} should be a manifest and is none.`);
}
