import { createReadStream, createWriteStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { UserError } from "../kit/user-error.ts";
import { readDockerArchive } from "./docker-archive.ts";
import { breakOff, type ImageFiles, readFolder, readJson } from "./image-files.ts";
import { type OpenedImage, readOciLayout } from "./oci-layout.ts";
import { parseParts } from "./parse-parts.ts";
import { readTar } from "./tar-files.ts";

export interface OpenImage {
  /** A folder or a tar archive, gzipped or not: an OCI layout, or what `docker save` writes. */
  readonly path: string;
  /** A name or digest, where there are several images. */
  readonly pick?: string | undefined;
  /** An empty folder for what has to be unpacked or compressed; the caller removes it after the copy. */
  readonly scratch: string;
}

/** Layers without compression: a registry takes them, and nobody wants to pull them. */
const PLAIN_LAYERS: ReadonlySet<string> = new Set([
  "application/vnd.oci.image.layer.v1.tar",
  "application/vnd.docker.image.rootfs.diff.tar",
]);

/**
 * An image that exists on disk, with the digest that it will have in a registry.
 *
 * docker since 25 saves both forms at once, with plain layers: then its own form is read, and the layers are compressed
 * as `docker push` would.
 *
 * @throws UserError `image-not-found`, `image-ambiguous`, `broken-image`, `archive-unsupported`
 */
export async function openImage({ path, pick, scratch }: OpenImage): Promise<OpenedImage> {
  const files = await openFiles(path, scratch);
  const layout = await readOciLayout(files, pick);
  const saved = (await readJson(files, "manifest.json")) !== undefined;
  if (layout !== undefined && !(saved && (await isPlain(layout)))) return layout;
  const image = await readDockerArchive(files, pick, scratch);
  if (image !== undefined) return image;
  throw new UserError(
    "image-not-found",
    `There is no image in ${path}: expected an OCI layout (docker buildx build --output type=oci,dest=image.tar) or a docker archive (docker save --output image.tar <name>).`,
  );
}

async function isPlain({ source, digest }: OpenedImage): Promise<boolean> {
  const manifest = await source.readManifest(digest);
  return manifest !== undefined && parseParts(manifest).blobs.some(({ mediaType }) => PLAIN_LAYERS.has(mediaType));
}

async function openFiles(path: string, scratch: string): Promise<ImageFiles> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new UserError("image-not-found", `There is no file or folder ${path} with an image.`, { cause });
  });
  if (found.isDirectory()) return readFolder(path);
  const beginning = await readBeginning(path);
  if (beginning.startsWith("28b52ffd")) {
    throw new UserError(
      "archive-unsupported",
      `${path} is compressed with zstd: give it unpacked (unzstd ${path}), or gzipped.`,
    );
  }
  if (!beginning.startsWith("1f8b")) return readTar(path);
  const unpacked = join(scratch, "image.tar");
  try {
    await pipeline(createReadStream(path), createGunzip(), createWriteStream(unpacked, { mode: 0o600 }));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOSPC") throw error;
    throw breakOff(path, "it cannot be unpacked", error);
  }
  return readTar(unpacked, path);
}

async function readBeginning(path: string): Promise<string> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
  return buffer.subarray(0, bytesRead).toString("hex");
}
