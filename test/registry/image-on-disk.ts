import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { gzipSync } from "node:zlib";
import { type Header, pack } from "tar-stream";
import { type Descriptor, MEDIA_TYPES } from "../../src/image/manifest.ts";
import { digestOf } from "./far-registry.ts";

export type Files = Readonly<Record<string, string | Buffer>>;
/** An entry of an archive that is no plain file. */
export type Extra = Partial<Header> & Pick<Header, "name"> & { readonly content?: string };

export async function makeFolder() {
  const path = await mkdtemp(join(tmpdir(), "mayfly-image-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export async function writeFolder(folder: string, files: Files): Promise<string> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

/** Writes a tar archive with real tar's help of nobody: `tar-stream`, which also writes what no tool would. */
export async function writeTar(path: string, files: Files, extra: readonly Extra[] = []): Promise<string> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content);
  for (const { content = "", ...header } of extra) archive.entry(header, content);
  archive.finalize();
  await pipeline(archive as unknown as NodeJS.ReadableStream, createWriteStream(path));
  return path;
}

/** A tar archive of one file, as a layer is. */
export async function makeLayer(name: string, content: string): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name, mtime: new Date(0) }, content);
  archive.finalize();
  return buffer(archive as unknown as NodeJS.ReadableStream);
}

/** An OCI layout with the platforms of an image, and its root. */
export async function makeLayout(platforms: readonly string[], names: readonly string[] = []) {
  const files: Record<string, string | Buffer> = { "oci-layout": '{"imageLayoutVersion":"1.0.0"}' };
  const add = (mediaType: string, bytes: Buffer): Descriptor => {
    const digest = digestOf(bytes);
    files[`blobs/${digest.replace(":", "/")}`] = bytes;
    return { mediaType, digest, size: bytes.length };
  };
  const addJson = (mediaType: string, content: object): Descriptor =>
    add(mediaType, Buffer.from(JSON.stringify(content)));
  const manifests: Descriptor[] = [];
  for (const architecture of platforms) {
    const plain = await makeLayer("hello", architecture);
    const layers = [add("application/vnd.oci.image.layer.v1.tar+gzip", gzipSync(plain))];
    const rootfs = { type: "layers", diff_ids: [digestOf(plain)] };
    const config = addJson("application/vnd.oci.image.config.v1+json", { os: "linux", architecture, rootfs });
    const mediaType = MEDIA_TYPES.ociManifest;
    manifests.push(addJson(mediaType, { schemaVersion: 2, mediaType, config, layers }));
  }
  const mediaType = MEDIA_TYPES.ociIndex;
  const [only] = manifests;
  const root =
    manifests.length === 1 && only !== undefined
      ? only
      : addJson(mediaType, { schemaVersion: 2, mediaType, manifests });
  const entries =
    names.length === 0
      ? [root]
      : names.map((name) => ({ ...root, annotations: { "org.opencontainers.image.ref.name": name } }));
  files["index.json"] = JSON.stringify({ schemaVersion: 2, mediaType, manifests: entries });
  return { files, root, manifests };
}

/** What `docker save` wrote before 25. */
export async function makeSaved(contents: readonly string[], tags: readonly string[] = ["app:1"]) {
  const layers = await Promise.all(contents.map((content) => makeLayer("hello", content)));
  const rootfs = { type: "layers", diff_ids: layers.map(digestOf) };
  const config = Buffer.from(JSON.stringify({ os: "linux", architecture: "amd64", rootfs }));
  const name = `${digestOf(config).slice(7)}.json`;
  const names = layers.map((_, at) => `layer${at}/layer.tar`);
  const files: Record<string, string | Buffer> = { [name]: config };
  for (const [at, layer] of layers.entries()) files[names[at] ?? ""] = layer;
  files["manifest.json"] = JSON.stringify([{ Config: name, RepoTags: tags, Layers: names }]);
  return { files, config, layers, names };
}
