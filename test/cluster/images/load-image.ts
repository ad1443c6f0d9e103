import { existsSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Layout } from "../layout.ts";
import { run } from "../run.ts";

/**
 * Loads images into the node: an archive (OCI's or docker's) or a folder with an OCI layout. Names stand in the archive.
 *
 * @throws Error when there is no image in it, or none for this machine
 */
export async function loadImage(layout: Pick<Layout, "containerdSocket">, ctr: string, path: string): Promise<void> {
  if (!existsSync(path))
    throw new Error(`${path} is not there: an image comes from an archive or a folder with an OCI layout`);
  if ((await stat(path)).isFile()) {
    await run(ctr, ["--address", layout.containerdSocket, "--namespace", "k8s.io", "images", "import", path]);
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), "mayfly-layout-"));
  try {
    const archive = join(folder, "image.tar");
    await run("tar", ["--create", "--file", archive, "--directory", path, "."]);
    await loadImage(layout, ctr, archive);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
