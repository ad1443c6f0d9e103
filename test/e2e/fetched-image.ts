import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import type { ImageScene } from "./image-scene.ts";

/** An image as another tool brought it from the registry to disk, with all that its index names. */
export interface FetchedImage {
  /** The OCI layout. */
  readonly folder: string;
  /** Annotations of the index, or of the only manifest. */
  readonly annotations: Readonly<Record<string, string>>;
  /** By `linux/amd64`; attestations are none. */
  readonly platforms: Readonly<Record<string, FetchedPlatform>>;
}

export interface FetchedPlatform {
  readonly digest: string;
  /** Labels of its configuration. */
  readonly labels: Readonly<Record<string, string>>;
  /** The whole configuration as text. */
  readonly config: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** The text of a file in its layers. */
  read(path: string): Promise<string>;
  /** The paths of all files in its layers, sorted. */
  list(): Promise<readonly string[]>;
  /** In-toto statements about it. */
  readonly statements: readonly Statement[];
}

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
export interface Statement {
  readonly predicateType: string;
  readonly subject: readonly { readonly digest: Readonly<Record<string, string>> }[];
  readonly predicate: unknown;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly platform?: { readonly os: string; readonly architecture: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Manifest {
  readonly mediaType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly manifests?: readonly Descriptor[];
}

/** Copies an image with everything in it by skopeo, keeping each digest, and unpacks its layers by tar. */
export async function fetchImage(scene: ImageScene, reference: string): Promise<FetchedImage> {
  const folder = await mkdtemp(join(scene.scratch, "fetched-"));
  await scene.skopeo("copy", "--all", "--preserve-digests", `docker://${reference}`, `oci:${folder}/layout:it`);
  const layout = join(folder, "layout");
  const text = ({ digest }: Pick<Descriptor, "digest">) =>
    readFile(join(layout, "blobs", digest.replace(":", "/")), "utf8");
  const json = async <T>(descriptor: Pick<Descriptor, "digest">): Promise<T> => JSON.parse(await text(descriptor));

  const { manifests: roots } = JSON.parse(await readFile(join(layout, "index.json"), "utf8")) as Manifest;
  const [root] = roots ?? [];
  if (root === undefined) throw new Error(`Nothing was fetched of ${reference}`);
  const whole = await json<Manifest>(root);
  const entries = whole.manifests ?? [root];
  const attestations = entries.filter(({ annotations }) => annotations?.["vnd.docker.reference.type"] !== undefined);
  const platforms: Record<string, FetchedPlatform> = {};
  for (const entry of entries.filter((one) => !attestations.includes(one))) {
    const manifest = await json<Manifest>(entry);
    const config = await text(manifest.config);
    const { os, architecture, config: inner } = JSON.parse(config);
    const files = join(folder, "files", entry.digest.slice(7));
    await mkdir(files, { recursive: true });
    for (const { digest } of manifest.layers) {
      await promisify(execFile)("tar", ["-xf", join(layout, "blobs", digest.replace(":", "/")), "-C", files]);
    }
    const about = attestations.filter(
      ({ annotations }) => annotations?.["vnd.docker.reference.digest"] === entry.digest,
    );
    const bundles = await Promise.all(about.map((one) => json<Manifest>(one)));
    platforms[`${os}/${architecture}`] = {
      digest: entry.digest,
      config,
      labels: inner?.Labels ?? {},
      annotations: manifest.annotations ?? {},
      read: (path) => readFile(join(files, path), "utf8"),
      list: async () => {
        const found = await readdir(files, { recursive: true, withFileTypes: true });
        return found
          .filter((one) => one.isFile())
          .map((one) => join(relative(files, one.parentPath), one.name))
          .sort();
      },
      statements: await Promise.all(bundles.flatMap(({ layers }) => layers.map((layer) => json<Statement>(layer)))),
    };
  }
  return { folder: layout, annotations: whole.annotations ?? {}, platforms };
}
