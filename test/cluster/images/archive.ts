import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Pack, pack } from "tar-stream";

/** An image of a few files, without a base. */
export interface ImageOptions {
  /** The name that it is loaded under. */
  readonly reference: string;
  /** What is in it, by its path: a file of this machine, which becomes executable, or a text. */
  readonly files: Readonly<Record<string, { readonly from: string } | { readonly text: string }>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: readonly string[];
  readonly user?: string;
}

/** The architecture of this machine, in the words of images. */
export function machineArchitecture(): string {
  return process.arch === "x64" ? "amd64" : process.arch;
}

/** Writes an OCI archive with an image for this machine's architecture. The same files give the same bytes. */
export async function writeImageArchive(archive: string, options: ImageOptions): Promise<void> {
  const folder = await mkdtemp(join(dirname(archive), "image-"));
  try {
    const layer = join(folder, "layer.tar");
    const digest = await writeLayer(layer, options);
    const { size } = await stat(layer);
    await writeLayout(archive, options, { path: layer, digest, size });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const NEVER = { mtime: new Date(0) };

async function writeLayer(path: string, { files, links = {} }: ImageOptions): Promise<string> {
  const layer = pack();
  const hash = createHash("sha256");
  const written = pipeline(
    Readable.from(layer),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(path),
  );
  for (const [name, source] of Object.entries(files)) {
    if ("text" in source) layer.entry({ name, ...NEVER }, source.text);
    else await addFile(layer, name, source.from, 0o755);
  }
  for (const [name, linkname] of Object.entries(links)) layer.entry({ name, linkname, type: "symlink", ...NEVER });
  layer.finalize();
  await written;
  return hash.digest("hex");
}

async function addFile(archive: Pack, name: string, from: string, mode: number): Promise<void> {
  const { size } = await stat(from);
  const entry = archive.entry({ name, mode, size, ...NEVER });
  // A stream of tar-stream's own kind, whatever its types say.
  await pipeline(createReadStream(from), entry as unknown as NodeJS.WritableStream);
}

interface Blob {
  readonly path: string;
  readonly digest: string;
  readonly size: number;
}

async function writeLayout(path: string, options: ImageOptions, layer: Blob): Promise<void> {
  const { reference, entrypoint, command, environment = [], user } = options;
  const archive = pack();
  const written = pipeline(Readable.from(archive), createWriteStream(path));
  const add = (mediaType: string, content: object) => {
    const text = JSON.stringify(content);
    const digest = createHash("sha256").update(text).digest("hex");
    archive.entry({ name: `blobs/sha256/${digest}`, ...NEVER }, text);
    return { mediaType, digest: `sha256:${digest}`, size: Buffer.byteLength(text) };
  };
  const config = add("application/vnd.oci.image.config.v1+json", {
    architecture: machineArchitecture(),
    os: "linux",
    config: {
      Entrypoint: entrypoint,
      Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", ...environment],
      ...(command === undefined ? {} : { Cmd: command }),
      ...(user === undefined ? {} : { User: user }),
    },
    rootfs: { type: "layers", diff_ids: [`sha256:${layer.digest}`] },
  });
  await addFile(archive, `blobs/sha256/${layer.digest}`, layer.path, 0o644);
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = add(mediaType, {
    schemaVersion: 2,
    mediaType,
    config,
    layers: [
      { mediaType: "application/vnd.oci.image.layer.v1.tar", digest: `sha256:${layer.digest}`, size: layer.size },
    ],
  });
  archive.entry({ name: "oci-layout", ...NEVER }, '{"imageLayoutVersion":"1.0.0"}');
  const index = {
    schemaVersion: 2,
    manifests: [{ ...manifest, annotations: { "io.containerd.image.name": reference } }],
  };
  archive.entry({ name: "index.json", ...NEVER }, JSON.stringify(index));
  archive.finalize();
  await written;
}
