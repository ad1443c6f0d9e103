import { mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
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
