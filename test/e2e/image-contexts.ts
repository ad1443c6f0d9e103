import { mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { RegistryState } from "../azure/acr/registry.ts";
import { makeLayout, writeFolder } from "../registry/image-on-disk.ts";
import type { ImageScene } from "./image-scene.ts";

/** A folder with these files, by their paths: a workspace whose checkout is done. */
export async function writeContext(
  { scratch }: Pick<ImageScene, "scratch">,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  return writeFolder(await mkdtemp(join(scratch, "workspace-")), files);
}

/** An image that exists: `path` is an OCI layout in a workspace, another one for other platforms. */
export interface ExistingImage {
  readonly workspace: string;
  readonly digest: string;
}

/** The name of the layout's folder in its workspace: what `from` is given. */
export const LAYOUT = "layout";

export async function writeLayout(
  { scratch }: Pick<ImageScene, "scratch">,
  platforms: readonly string[],
): Promise<ExistingImage> {
  const workspace = await mkdtemp(join(scratch, "workspace-"));
  const { files, root } = await makeLayout(platforms);
  await mkdir(join(workspace, LAYOUT));
  await writeFolder(join(workspace, LAYOUT), files);
  return { workspace, digest: root.digest };
}

/** Puts an image in place that builders can build on: one layer with the file `hello`. Returns its digest. */
export async function seedImage(
  registry: Pick<RegistryState, "backend" | "seedManifest">,
  name: string,
  tag: string,
  architecture = "amd64",
): Promise<string> {
  const { files, root } = await makeLayout([architecture]);
  for (const [path, content] of Object.entries(files)) {
    const [, hex] = /^blobs\/sha256\/(.*)$/.exec(path) ?? [];
    if (hex === undefined || root.digest === `sha256:${hex}`) continue;
    const bytes = Buffer.from(content);
    await registry.backend.putBlob(name, `sha256:${hex}`, bytes.length, Readable.from([bytes]));
  }
  return registry.seedManifest(name, tag, root.mediaType, `${files[`blobs/${root.digest.replace(":", "/")}`]}`);
}
