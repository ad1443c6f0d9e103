import type { Hash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { type Manifest, MEDIA_TYPES } from "../image/manifest.ts";
import { eachSideBySide } from "../kit/side-by-side.ts";
import { checkStream } from "./checked-stream.ts";
import { choose } from "./choose-image.ts";
import { digestOf, startDigest } from "./digest.ts";
import { breakOff, type ImageFiles, readJson, readSmall } from "./image-files.ts";
import type { OpenedImage } from "./oci-layout.ts";

/** Types of a manifest's parts: docker's own, as `docker push` writes them. */
const CONFIG = "application/vnd.docker.container.image.v1+json";
const LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip";
const SIDE_BY_SIDE = 2;

/**
 * The image of a `docker save`; undefined when the files are none. Its layers are compressed into the scratch folder, as
 * a push would, and checked against what the image says of them; the digest follows from that.
 *
 * @param pick `name:tag`, where the archive has several
 * @param scratch a folder that the caller removes
 * @throws UserError `broken-image`, `image-ambiguous`
 */
export async function readDockerArchive(
  files: ImageFiles,
  pick: string | undefined,
  scratch: string,
): Promise<OpenedImage | undefined> {
  const listed = await readJson(files, "manifest.json");
  if (!Array.isArray(listed)) return undefined;
  const images = listed.map((entry) => readSaved(entry, files));
  const saved = choose(
    files.label,
    images.map((image) => ({ key: image.config, names: [...image.tags, image.config], value: image })),
    pick,
  );
  const configBytes = await readSmall(files, saved.config);
  const expected = readDiffIds(configBytes, files, saved);
  const layers: Packed[] = [];
  const faults: unknown[] = [];
  await eachSideBySide([...saved.layers.entries()], SIDE_BY_SIDE, async ([at, name]) => {
    if (faults.length > 0) return;
    await pack(files, name, join(scratch, `layer-${at}.tar.gz`), expected[at] ?? "")
      .then((packed) => {
        layers[at] = packed;
      })
      .catch((error: unknown) => void faults.push(error));
  });
  if (faults.length > 0) throw faults[0];
  return assemble(files.label, configBytes, layers);
}

interface Saved {
  readonly config: string;
  readonly layers: readonly string[];
  readonly tags: readonly string[];
}

function readSaved(entry: unknown, files: ImageFiles): Saved {
  const { Config: config, Layers: layers, RepoTags: tags } = (entry ?? {}) as Readonly<Record<string, unknown>>;
  if (!isText(config) || !Array.isArray(layers) || !layers.every(isText)) {
    throw breakOff(files.label, "manifest.json does not say what the image is made of");
  }
  return { config, layers, tags: Array.isArray(tags) ? tags.filter(isText) : [] };
}

/** Digests of the layers before compression, which the config promises. */
function readDiffIds(config: Buffer, files: ImageFiles, { config: name, layers }: Saved): readonly string[] {
  let ids: unknown;
  try {
    ids = (JSON.parse(config.toString()) as { readonly rootfs?: { readonly diff_ids?: unknown } }).rootfs?.diff_ids;
  } catch {
    throw breakOff(files.label, `${name} is no JSON`);
  }
  const known = Array.isArray(ids) ? ids.filter(isText).filter((id) => /^sha256:[0-9a-f]{64}$/.test(id)) : [];
  if (known.length === layers.length) return known;
  throw breakOff(files.label, `${name} describes ${known.length} layers and there are ${layers.length}`);
}

interface Packed {
  readonly digest: string;
  readonly size: number;
  open(): Promise<Readable>;
}

/** A layer as it is pushed: compressed into the scratch folder, or as it lies when it is compressed already. */
async function pack(files: ImageFiles, name: string, path: string, diffId: string): Promise<Packed> {
  const plain = startDigest("sha256:");
  const packed = startDigest("sha256:");
  const compressed = await isCompressed(files, name);
  const source = await files.open(name);
  try {
    if (compressed) await pipeline(source, tap(packed.hash), createGunzip(), tap(plain.hash), drain);
    else
      await pipeline(source, tap(plain.hash), createGzip(), tap(packed.hash), createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOSPC") throw error;
    throw breakOff(files.label, `${name} cannot be read`, error);
  }
  if (plain.finish() !== diffId) {
    throw breakOff(files.label, `${name} is not the layer ${diffId} that the image asks for`);
  }
  const digest = packed.finish();
  if (!compressed) return { digest, size: (await stat(path)).size, open: async () => createReadStream(path) };
  return { digest, size: (await files.size(name)) ?? 0, open: () => files.open(name) };
}

async function isCompressed(files: ImageFiles, name: string): Promise<boolean> {
  const source = await files.open(name);
  for await (const chunk of source) {
    source.destroy();
    return chunk[0] === 0x1f && chunk[1] === 0x8b;
  }
  return false;
}

function tap(hash: Hash): Transform {
  return new Transform({
    transform: (chunk: Buffer, _, done) => {
      hash.update(chunk);
      done(null, chunk);
    },
  });
}

async function drain(rest: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of rest);
}

function assemble(label: string, config: Buffer, layers: readonly Packed[]): OpenedImage {
  const parts = new Map<string, () => Promise<Readable>>(layers.map(({ digest, open }) => [digest, open]));
  const configDigest = digestOf(config);
  parts.set(configDigest, async () => Readable.from([config]));
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.dockerManifest,
      config: { mediaType: CONFIG, size: config.length, digest: configDigest },
      layers: layers.map(({ digest, size }) => ({ mediaType: LAYER, size, digest })),
    }),
  );
  const manifest: Manifest = { mediaType: MEDIA_TYPES.dockerManifest, digest: digestOf(bytes), bytes };
  return {
    digest: manifest.digest,
    source: {
      label,
      readManifest: async (digest) => (digest === manifest.digest ? manifest : undefined),
      readBlob: async (digest) => {
        const open = parts.get(digest);
        if (open === undefined) throw breakOff(label, `${digest} is missing`);
        return checkStream(await open(), digest, (_, said, cause) => breakOff(label, said, cause));
      },
      listReferrers: async () => [],
    },
  };
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
