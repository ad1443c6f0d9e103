import { createHash, type Hash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Json } from "../wire.ts";
import { type Content, contentOf, type Image } from "./image.ts";

export interface ContextImageOptions {
  /** The context: all of it becomes the one layer. */
  readonly context: string;
  /** Where the layer is kept; it has to live as long as the image. */
  readonly file: string;
  readonly platform: Json;
  readonly labels: Readonly<Record<string, string>>;
  /** What `history` says of how it came about. */
  readonly createdBy: string;
  readonly created: Date;
  /** BuildKit makes OCI images, the older builder those of docker. */
  readonly oci: boolean;
}

const TYPES = {
  oci: {
    manifest: "application/vnd.oci.image.manifest.v1+json",
    config: "application/vnd.oci.image.config.v1+json",
    layer: "application/vnd.oci.image.layer.v1.tar+gzip",
  },
  docker: {
    manifest: "application/vnd.docker.distribution.manifest.v2+json",
    config: "application/vnd.docker.container.image.v1+json",
    layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
  },
} as const;

/** A real image whose only layer is the context: the same context, labels and time give the same digest. */
export async function buildContextImage(options: ContextImageOptions): Promise<Image> {
  const { labels, platform, created, createdBy, oci } = options;
  const types = oci ? TYPES.oci : TYPES.docker;
  const { layer, diffId } = await packLayer(options.context, options.file, types.layer);
  const config = contentOf(
    types.config,
    JSON.stringify({
      ...platform,
      created: created.toISOString(),
      config: { Labels: labels },
      rootfs: { type: "layers", diff_ids: [diffId] },
      history: [{ created: created.toISOString(), created_by: createdBy }],
    }),
  );
  const described = ({ mediaType, digest, size }: Content) => ({ mediaType, digest, size });
  const manifest = contentOf(
    types.manifest,
    JSON.stringify({
      schemaVersion: 2,
      mediaType: types.manifest,
      config: described(config),
      layers: [described(layer)],
    }),
  );
  return { manifest, blobs: [config, layer], children: [] };
}

async function packLayer(
  context: string,
  file: string,
  mediaType: string,
): Promise<{ readonly layer: Content; readonly diffId: string }> {
  const { pack } = await import("tar-stream");
  const archive = pack();
  const [plain, zipped] = [createHash("sha256"), createHash("sha256")];
  let size = 0;
  const written = pipeline(
    archive,
    through((chunk) => plain.update(chunk)),
    createGzip({ level: 1 }),
    through((chunk) => {
      zipped.update(chunk);
      size += chunk.length;
    }),
    createWriteStream(file),
  );
  const packed = (async () => {
    for (const name of await namesBelow(context, "")) {
      const path = join(context, name);
      const stat = await lstat(path);
      const entry = { name, mode: stat.mode & 0o777, mtime: new Date(Math.floor(stat.mtimeMs / 1000) * 1000) };
      if (stat.isSymbolicLink()) archive.entry({ ...entry, type: "symlink", linkname: await readlink(path) });
      else await pipeline(createReadStream(path), archive.entry({ ...entry, type: "file", size: stat.size }));
    }
    archive.finalize();
  })();
  await Promise.all([written, packed]);
  const layer = { mediaType, digest: named(zipped), size, open: () => createReadStream(file) };
  return { layer, diffId: named(plain) };
}

/** Files and links, in a fixed order. */
async function namesBelow(folder: string, below: string): Promise<readonly string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const sorted = entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = sorted.map((entry) => {
    const name = join(below, entry.name);
    return entry.isDirectory() ? namesBelow(folder, name) : [name];
  });
  return (await Promise.all(names)).flat();
}

function through(see: (chunk: Buffer) => void): Transform {
  return new Transform({
    transform: (chunk: Buffer, _, done) => {
      see(chunk);
      done(null, chunk);
    },
  });
}

function named(hash: Hash): string {
  return `sha256:${hash.digest("hex")}`;
}
