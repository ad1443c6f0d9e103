import { type Descriptor, type Manifest, MEDIA_TYPES } from "../image/manifest.ts";
import { digestOf } from "./digest.ts";
import { listPages } from "./next-link.ts";
import { parseParts, readDescriptors } from "./parse-parts.ts";
import type { Registry } from "./registry.ts";
import type { RegistryRequest, RegistrySession } from "./session.ts";

type Manifests = Pick<Registry, "readManifest" | "putManifest">;

/**
 * What points at a digest. Registries that do not keep count (404) have an index under a tag that is named for the
 * digest, which those who push keep up
 * (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#unavailable-referrers-api).
 */
export async function listReferrers(
  session: RegistrySession,
  registry: Manifests,
  request: RegistryRequest,
  name: string,
  digest: string,
): Promise<readonly Descriptor[]> {
  const found: Descriptor[] = [];
  let counted = false;
  for await (const page of listPages(session, request, "is-empty")) {
    counted = true;
    found.push(...readDescriptors((page as { readonly manifests?: unknown }).manifests));
  }
  if (counted) return found;
  const index = await registry.readManifest(name, tagOf(digest));
  return index === undefined ? [] : parseParts(index).children;
}

/** Enters a manifest that points at another into that one's index, unless the registry counts by itself (`OCI-Subject`). */
export async function noteReferrer(
  registry: Manifests,
  name: string,
  manifest: Manifest,
  subjectHeader: string | undefined,
): Promise<void> {
  const { subject, artifactType, annotations } = parseParts(manifest);
  if (subject === undefined || subjectHeader !== undefined) return;
  const tag = tagOf(subject.digest);
  const kept = await registry.readManifest(name, tag);
  const manifests = kept === undefined ? [] : [...parseParts(kept).children];
  if (manifests.some(({ digest }) => digest === manifest.digest)) return;
  manifests.push({
    mediaType: manifest.mediaType,
    digest: manifest.digest,
    size: manifest.bytes.length,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(annotations === undefined ? {} : { annotations }),
  });
  const mediaType = MEDIA_TYPES.ociIndex;
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests }));
  await registry.putManifest(name, tag, { mediaType, digest: digestOf(bytes), bytes });
}

function tagOf(digest: string): string {
  return digest.replace(":", "-");
}
