import { type Descriptor, type Manifest, MEDIA_TYPES, type Platform } from "../../image/manifest.ts";
import type { Repository } from "../../image/repository.ts";
import type { Registry } from "../../registry/registry.ts";
import type { PlatformImage } from "./story.ts";

type Reader = Pick<Registry, "readManifest" | "readBlob">;

/** The images of a manifest or index, each with its platform: those of an index, or the one that it is. Attestations are none. */
export async function describeImages(
  { name }: Repository,
  manifest: Manifest,
  registry: Reader,
): Promise<readonly PlatformImage[]> {
  const { manifests = [] } = parse(manifest);
  if (!INDEXES.has(manifest.mediaType)) return [await describeOne(name, manifest, undefined, registry)];
  const images = manifests.filter(({ platform }) => platform !== undefined && platform.os !== "unknown");
  return Promise.all(
    images.map(async (one) => {
      const child = await registry.readManifest(name, one.digest);
      if (child === undefined) return { platform: renderPlatform(one.platform), digest: one.digest, size: undefined };
      return describeOne(name, child, one.platform, registry);
    }),
  );
}

const INDEXES: ReadonlySet<string> = new Set([MEDIA_TYPES.ociIndex, MEDIA_TYPES.dockerList]);

async function describeOne(
  name: string,
  manifest: Manifest,
  platform: Platform | undefined,
  registry: Reader,
): Promise<PlatformImage> {
  const { config, layers = [] } = parse(manifest);
  const known = platform ?? (config === undefined ? undefined : await readPlatform(name, config, registry));
  const size = layers.reduce((sum, layer) => sum + layer.size, 0);
  return { platform: renderPlatform(known), digest: manifest.digest, size };
}

interface Parts {
  readonly manifests?: readonly Descriptor[];
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
}

function parse({ bytes }: Manifest): Parts {
  return JSON.parse(bytes.toString()) as Parts;
}

/** More than any image's configuration: what is larger is not read. */
const LARGEST_CONFIG = 4_000_000;

async function readPlatform(name: string, config: Descriptor, registry: Reader): Promise<Platform | undefined> {
  if (config.size > LARGEST_CONFIG) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of await registry.readBlob(name, config.digest)) chunks.push(chunk as Buffer);
  const { os, architecture, variant } = JSON.parse(Buffer.concat(chunks).toString()) as Partial<Platform>;
  if (os === undefined || architecture === undefined) return undefined;
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

function renderPlatform(platform: Platform | undefined): string {
  if (platform === undefined) return "unknown";
  return [platform.os, platform.architecture, platform.variant].filter((part) => part !== undefined).join("/");
}
