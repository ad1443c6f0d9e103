import { mkdtemp, rm, stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { parseReference } from "../../image/parse-reference.ts";
import { type Repository, renderReference } from "../../image/repository.ts";
import { UserError } from "../../kit/user-error.ts";
import { copyImage } from "../../registry/copy-image.ts";
import { readFrom } from "../../registry/image-source.ts";
import type { OpenedImage } from "../../registry/oci-layout.ts";
import { openImage } from "../../registry/open-image.ts";
import type { Registry } from "../../registry/registry.ts";

export interface ExistingWorld {
  readonly workspace: string;
  /** A folder for what has to be unpacked. */
  readonly scratch: string;
  registry(host: string): Registry;
}

/**
 * Pushes an image that exists: an OCI layout or archive of `docker save` in the workspace, or an image of a registry by
 * its digest. It keeps its digest.
 *
 * @throws UserError `image-not-found` and what reading an archive throws
 */
export async function pushExisting(from: string, to: Repository, world: ExistingWorld): Promise<string> {
  const target = world.registry(to.host);
  const scratch = await mkdtemp(join(world.scratch, "unpacked-"));
  try {
    const { source, digest } = await open(from, scratch, world);
    await copyImage({ source, target, name: to.name, digest });
    return digest;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function open(
  from: string,
  scratch: string,
  world: ExistingWorld,
): Promise<Pick<OpenedImage, "source" | "digest">> {
  const path = isAbsolute(from) ? from : join(world.workspace, from);
  if (await isThere(path)) return openImage({ path, scratch });
  const [, file, pick] = /^(.*)#([^#]*)$/s.exec(path) ?? [];
  if (file !== undefined && (await isThere(file))) return openImage({ path: file, pick, scratch });
  const parsed = parseReference(from);
  if (!("value" in parsed) || !from.includes("/")) {
    throw new UserError(
      "image-not-found",
      `from: expected an OCI layout, an archive of docker save, or a reference with a digest; there is no ${path}.`,
    );
  }
  const { repository, digest, tag } = parsed.value;
  if (digest === undefined) {
    const found = await world.registry(repository.host).findManifest(repository.name, tag ?? "latest");
    const hint = found === undefined ? "@sha256:…" : `@${found.digest}`;
    throw new UserError(
      "image-not-found",
      `from: expected a digest, since a tag may move while it is copied, got ${from}. Write ${renderReference(repository)}${hint}`,
    );
  }
  return { source: readFrom(world.registry(repository.host), repository.name), digest };
}
