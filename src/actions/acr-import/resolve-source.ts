import { type Manifest, MEDIA_TYPES } from "../../image/manifest.ts";
import { listClauses } from "../../kit/error-chain.ts";
import { UserError } from "../../kit/user-error.ts";
import { TOO_LARGE } from "./explain-fault.ts";
import type { FoundSource } from "./find-sources.ts";
import type { ImageLine } from "./parse-images.ts";
import type { Source, SourceAccess, World } from "./world.ts";

/** What an image is at its source, for certain. */
export interface ResolvedSource {
  readonly access: SourceAccess;
  readonly source: Source;
  readonly digest: string;
}

/** ARM's own limit. */
const MOST_MANIFESTS = 50;
/** No entry of an index is shorter than this, in bytes: a small index has few manifests, unseen. */
const SHORTEST_ENTRY = 110;

/**
 * Finds the digests of images, each source once, however many registries want it.
 *
 * ARM is asked for digests only: an import by tag can race with a push, and leave a tag without a manifest.
 */
export function resolveSources(
  sources: ReadonlyMap<string, FoundSource>,
  world: Pick<World, "openSource">,
): (image: ImageLine) => Promise<ResolvedSource> {
  const opened = new Map<string, Source>();
  const asked = new Map<string, Promise<ResolvedSource>>();
  const resolve = async ({ from, source: text }: ImageLine): Promise<ResolvedSource> => {
    const found = sources.get(from.host);
    if (found === undefined) throw new Error(`nobody looked for ${from.host}`);
    if (found.kind === "lost") throw found.error;
    const { access: way } = found;
    const source = opened.get(from.host) ?? world.openSource(way);
    opened.set(from.host, source);
    // Pinned: nothing to ask. That it is there, ARM finds out.
    if (from.digest !== undefined) return { access: way, source, digest: from.digest };
    return { access: way, source, digest: await findDigest(text, from.name, from.tag ?? "latest", way, source) };
  };
  return (image) => {
    const running = asked.get(image.source) ?? resolve(image);
    asked.set(image.source, running);
    return running;
  };
}

async function findDigest(
  text: string,
  name: string,
  tag: string,
  access: SourceAccess,
  source: Source,
): Promise<string> {
  const descriptor = await source.findManifest(name, tag).catch((error: unknown) => {
    throw new UserError("import-source-unreadable", adviseUnreadable(text, access, error), { cause: error });
  });
  if (descriptor === undefined) {
    throw new UserError(
      "import-source-missing",
      `There is no ${text}: ${access.host} answered 404. Check name and tag.`,
    );
  }
  const isIndex = descriptor.mediaType === MEDIA_TYPES.ociIndex || descriptor.mediaType === MEDIA_TYPES.dockerList;
  if (isIndex && descriptor.size > MOST_MANIFESTS * SHORTEST_ENTRY) {
    const count = countManifests(await source.readManifest(name, descriptor.digest).catch(() => undefined));
    if (count > MOST_MANIFESTS)
      throw new UserError("import-too-large", `${text} is made of ${count} manifests. ${TOO_LARGE}`);
  }
  return descriptor.digest;
}

function adviseUnreadable(text: string, access: SourceAccess, error: unknown): string {
  const pin = `or name the digest instead of the tag: ${text.replace(/:[^:/]+$/, "")}@sha256:…`;
  const why = `Cannot find out which digest ${text} is, and an import by tag could race with a push`;
  if (access.kind === "acr" && !access.facts.publicAccess)
    return `${why}: ${access.host} has public access off. Run it on a runner in its network, ${pin}`;
  if (access.kind === "anonymous" && /deni|401|403|login|unauthor/i.test(listClauses(error).join(" ")))
    return `${why}. ${access.host} wants a login: give source-username and source-token, for an Azure registry of this tenant its resource id in source-registries, ${pin}`;
  return `${why}. Let the identity read it, ${pin}`;
}

function countManifests(manifest: Manifest | undefined): number {
  if (manifest === undefined) return 0;
  const { manifests } = JSON.parse(manifest.bytes.toString()) as { readonly manifests?: unknown };
  return Array.isArray(manifests) ? manifests.length : 0;
}
