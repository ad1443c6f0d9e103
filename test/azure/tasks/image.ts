import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { asObject, asText, type Json } from "../wire.ts";

/** Bytes that a registry finds by their digest. */
export interface Content {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  open(): Readable;
}

/** A manifest with all it points to, or an index with its manifests. */
export interface Image {
  readonly manifest: Content;
  /** Config and layers. */
  readonly blobs: readonly Content[];
  readonly children: readonly Image[];
}

export function contentOf(mediaType: string, text: string): Content {
  const bytes = Buffer.from(text);
  return { mediaType, digest: digestOf(bytes), size: bytes.length, open: () => Readable.from([bytes]) };
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** What `buildx build --output type=oci,tar=false` left in a folder. */
export async function readLayout(folder: string): Promise<Image> {
  const index = parse(await readFile(join(folder, "index.json"), "utf8"));
  const [descriptor] = list(index["manifests"]);
  if (descriptor === undefined) throw new Error(`No image in ${folder}`);
  return readImage(folder, descriptor);
}

async function readImage(folder: string, descriptor: Json): Promise<Image> {
  const manifest = stored(folder, descriptor);
  const { config, layers, manifests } = parse(await readFile(blobPath(folder, manifest.digest), "utf8"));
  const blobs = [...(asObject(config) === undefined ? [] : [config as Json]), ...list(layers)];
  return {
    manifest,
    blobs: blobs.map((blob) => stored(folder, blob)),
    children: await Promise.all(list(manifests).map((child) => readImage(folder, child))),
  };
}

function stored(folder: string, descriptor: Json): Content {
  const digest = asText(descriptor["digest"]) ?? "";
  const path = blobPath(folder, digest);
  const mediaType = asText(descriptor["mediaType"]) ?? "";
  return { mediaType, digest, size: Number(descriptor["size"]), open: () => createReadStream(path) };
}

function blobPath(folder: string, digest: string): string {
  return join(folder, "blobs", ...digest.split(":"));
}

function parse(text: string): Json {
  return asObject(JSON.parse(text)) ?? {};
}

function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(asObject).filter((each) => each !== undefined) : [];
}
