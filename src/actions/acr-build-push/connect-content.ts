import { readFile } from "node:fs/promises";
import { type ContextEntry, hashFiles, listContext } from "../../docker/context-folder.ts";
import { findFoundations } from "../../image/base-images.ts";
import type { BuildRequest } from "../../image/build-request.ts";
import { nameContext } from "../../image/context-hash.ts";
import { type IgnoreRules, listIgnoreFiles, NO_IGNORE_RULES, parseIgnoreRules } from "../../image/ignore.ts";
import { parseReference } from "../../image/parse-reference.ts";
import { eachSideBySide } from "../../kit/side-by-side.ts";
import { UserError } from "../../kit/user-error.ts";
import type { Registry } from "../../registry/registry.ts";
import { takeValue } from "./take-value.ts";
import type { ContentFacts, ContentName } from "./world.ts";

/**
 * Names a build's content by its context, its Dockerfile, its options and the digests of its base images. A base that
 * cannot be asked for leaves a doubt, and the name then stands for nothing but this build.
 */
export async function nameContent(
  request: BuildRequest,
  own: ContentFacts,
  registry: (host: string) => Registry,
): Promise<ContentName> {
  const { context, file } = request;
  const [dockerfile, rules] = await Promise.all([readFile(file, "utf8"), readIgnoreRules(file, context)]);
  const { images, doubts } = findFoundations(dockerfile, request.buildArgs, request.buildContexts, request);
  const [entries, bases] = await Promise.all([listContext(context, rules), findBases(images, registry)]);
  const hashes = await hashFiles(context, entries);
  const tag = nameContext({
    ...request,
    ...own,
    platforms: request.platforms.length === 0 ? [own.builderPlatform] : request.platforms,
    dockerfile,
    secretIds: request.secrets.map(({ id }) => id),
    bases: bases.digests,
    entries: entries.map((entry) => ({
      path: entry.path,
      kind: entry.kind,
      mode: entry.kind === "link" ? 0 : entry.mode,
      content: contentOf(entry, hashes),
    })),
  });
  const [doubt] = [...doubts, ...bases.doubts];
  return { tag, doubt };
}

/**
 * The rules of the first ignore file that is there. One that cannot be read must not pass for none: what it keeps back
 * would be sent.
 *
 * @throws UserError `dockerignore-invalid`, `context-unreadable`
 */
export async function readIgnoreRules(dockerfile: string, context: string): Promise<IgnoreRules> {
  for (const path of listIgnoreFiles(dockerfile, context)) {
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
      throw new UserError("context-unreadable", `context: ${path} cannot be read (${error.code ?? error.message}).`, {
        cause: error,
      });
    });
    if (text !== undefined) return takeValue(parseIgnoreRules(text));
  }
  return NO_IGNORE_RULES;
}

function contentOf(entry: ContextEntry, hashes: ReadonlyMap<string, string>): string | undefined {
  return entry.kind === "link" ? entry.target : hashes.get(entry.path);
}

const BASES_AT_ONCE = 8;

/** The digest of each base image now, asked of its registry. */
async function findBases(
  images: readonly string[],
  registry: (host: string) => Registry,
): Promise<{ readonly digests: Readonly<Record<string, string>>; readonly doubts: readonly string[] }> {
  const digests: Record<string, string> = {};
  const doubts: string[] = [];
  await eachSideBySide(images, BASES_AT_ONCE, async (image) => {
    const digest = await findDigest(image, registry).catch(() => undefined);
    if (digest === undefined) doubts.push(`the digest of the base image ${image} cannot be had`);
    else digests[image] = digest;
  });
  return { digests, doubts: doubts.sort() };
}

async function findDigest(image: string, registry: (host: string) => Registry): Promise<string | undefined> {
  const parsed = parseReference(image);
  if (!("value" in parsed)) return undefined;
  const { repository, tag, digest } = parsed.value;
  if (digest !== undefined) return digest;
  return (await registry(repository.host).findManifest(repository.name, tag ?? "latest"))?.digest;
}
