import { createHash } from "node:crypto";
import { type Descriptor, type Manifest, MEDIA_TYPES } from "./manifest.ts";

/**
 * The index that makes one image of several platforms' images.
 *
 * @param annotations stand on the index itself.
 */
export function makeIndex(
  manifests: readonly Descriptor[],
  annotations: Readonly<Record<string, string>> = {},
): Manifest {
  const index = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.ociIndex,
    manifests,
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
  const bytes = Buffer.from(JSON.stringify(index, undefined, 2));
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  return { mediaType: MEDIA_TYPES.ociIndex, digest, bytes };
}

/** `linux/arm64/v8` as manifests write it. */
export function parsePlatform(text: string): NonNullable<Descriptor["platform"]> {
  const [os = "", architecture = "", variant] = text.split("/");
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}
