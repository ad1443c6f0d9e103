import type { Descriptor } from "../image/manifest.ts";
import { MEDIA_TYPES } from "../image/manifest.ts";
import { checkStream } from "./checked-stream.ts";
import { choose } from "./choose-image.ts";
import { digestOf } from "./digest.ts";
import { breakOff, type ImageFiles, readJson, readSmall } from "./image-files.ts";
import type { ImageSource } from "./image-source.ts";
import { parseParts, readDescriptors } from "./parse-parts.ts";

/** An image on disk, ready to be copied. */
export interface OpenedImage {
  readonly source: ImageSource;
  readonly digest: string;
}

/** Names that an entry of `index.json` may have: BuildKit and docker write the last two as a whole. */
const NAMES = ["org.opencontainers.image.ref.name", "io.containerd.image.name", "containerd.io/image.name"];

/**
 * An image in an OCI layout (`buildx --output type=oci`, `skopeo copy … oci:`); undefined when the files are none.
 *
 * @param pick a name or digest, where the layout has several
 * @throws UserError `broken-image`, `image-ambiguous`
 */
export async function readOciLayout(files: ImageFiles, pick: string | undefined): Promise<OpenedImage | undefined> {
  const index = await readJson(files, "index.json");
  if (index === undefined || (await files.size("oci-layout")) === undefined) return undefined;
  const { manifests } = (index ?? {}) as { readonly manifests?: unknown };
  const entries = readDescriptors(manifests);
  const chosen = choose(
    files.label,
    entries.map((entry) => ({ key: entry.digest, names: [...namesOf(entry), entry.digest], value: entry })),
    pick,
  );
  return { source: readBlobs(files, new Map(entries.map((entry) => [entry.digest, entry]))), digest: chosen.digest };
}

function namesOf({ annotations = {} }: Descriptor): readonly string[] {
  return NAMES.flatMap((name) => annotations[name] ?? []);
}

/** The blobs of a layout as a source. What it holds besides the image counts as nothing: its index names no subjects. */
function readBlobs(files: ImageFiles, roots: ReadonlyMap<string, Descriptor>): ImageSource {
  const types = new Map([...roots].map(([digest, { mediaType }]) => [digest, mediaType]));
  return {
    label: files.label,
    readManifest: async (digest) => {
      const name = blobName(digest);
      if (name === undefined || (await files.size(name)) === undefined) return undefined;
      const bytes = await readSmall(files, name);
      if (digestOf(bytes, digest) !== digest)
        throw breakOff(files.label, `${name} has other content than its name says`);
      const manifest = {
        mediaType: readMediaType(bytes) ?? types.get(digest) ?? MEDIA_TYPES.ociManifest,
        digest,
        bytes,
      };
      // A child that does not name its own type has the one that its index gives it.
      for (const child of parseParts(manifest).children) types.set(child.digest, child.mediaType);
      return manifest;
    },
    readBlob: async (digest) => {
      const name = blobName(digest);
      if (name === undefined) throw breakOff(files.label, `${digest} is no digest`);
      return checkStream(await files.open(name), digest, (_, said, cause) =>
        breakOff(files.label, `${name}: ${said}`, cause),
      );
    },
    listReferrers: async () => [],
  };
}

/** `blobs/sha256/…`; undefined for what is no digest, as a tag. */
export function blobName(digest: string): string | undefined {
  return /^sha(?:256|512):[0-9a-f]+$/.test(digest) ? `blobs/${digest.replace(":", "/")}` : undefined;
}

function readMediaType(bytes: Buffer): string | undefined {
  try {
    const { mediaType } = JSON.parse(bytes.toString()) as { readonly mediaType?: unknown };
    return typeof mediaType === "string" ? mediaType : undefined;
  } catch {
    return undefined;
  }
}
