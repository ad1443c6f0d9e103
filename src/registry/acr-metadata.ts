import { eachSideBySide } from "../kit/side-by-side.ts";
import { checkDigest, checkName, checkReference, isDigestText } from "./names.ts";
import { listPages } from "./next-link.ts";
import { isIndex, parseParts } from "./parse-parts.ts";
import type { AcrLocks, AcrManifest, AcrMetadata, AcrTag, Registry } from "./registry.ts";
import { RegistryFault } from "./registry-fault.ts";
import { repositoryScope } from "./scope.ts";
import type { RegistryRequest, RegistrySession } from "./session.ts";

/** ACR's most for one page. */
const PAGE = 1000;
/** A repository may have thousands of indexes. */
const SIDE_BY_SIDE = 8;
/**
 * What a token is asked for, the most that may be needed first: acr-cli deletes with the first set. Where a registry
 * gives no token to who may not do all of it, less is asked for.
 */
const DELETING = [
  ["pull", "delete", "metadata_read", "metadata_write"],
  ["pull", "delete", "metadata_read"],
  ["delete"],
];
const REFUSED: ReadonlySet<number> = new Set([401, 403]);
const LISTING = [["pull", "metadata_read"], ["metadata_read"]];

/**
 * The adapter over ACR's own API, below `/acr/v1`. Every method throws a `RegistryFault` for what the registry does not do.
 *
 * A delete is sent once, whatever comes back, with a token that is fetched before: who asks for it has looked just now,
 * and looks again before the next try.
 *
 * @param registry the same registry by the distribution protocol: what an index is made of stands in the index.
 */
export function connectAcrMetadata(session: RegistrySession, registry: Pick<Registry, "readManifest">): AcrMetadata {
  /** Content never changes under its digest. */
  const children = new Map<string, Promise<readonly string[]>>();
  const known = new Map<string, readonly string[]>();

  /** The first of these sets that the token service does not refuse; its token is there then. */
  const allowed = async (name: string, sets: readonly (readonly string[])[]): Promise<readonly string[]> => {
    const key = `${name} ${sets[0]?.join(",")}`;
    const wanted = known.get(key);
    if (wanted !== undefined) return wanted;
    const faults: unknown[] = [];
    for (const scopes of sets.map((actions) => [repositoryScope(checkName(name), actions)])) {
      try {
        await session.listGrants(scopes);
        known.set(key, scopes);
        return scopes;
      } catch (error) {
        if (!(error instanceof RegistryFault) || !REFUSED.has(error.facts.status ?? 0)) throw error;
        faults.push(error);
      }
    }
    throw faults[0];
  };

  const listAll = async <T>(name: string, kind: "tags" | "manifests", read: (entry: Entry) => T | undefined) => {
    const request: RegistryRequest = {
      method: "GET",
      to: `/acr/v1/${checkName(name)}/_${kind}?n=${PAGE}`,
      scopes: await allowed(name, LISTING),
      accept: [404],
    };
    let found: T[] | undefined;
    for await (const page of listPages(session, request)) {
      const { [kind]: entries } = (page ?? {}) as Readonly<Record<string, unknown>>;
      const all = Array.isArray(entries) ? entries.map((entry) => read((entry ?? {}) as Entry)) : [undefined];
      found ??= [];
      for (const one of all) {
        if (one === undefined) throw noList(session, `/acr/v1/${name}/_${kind}`);
        found.push(one);
      }
    }
    return found;
  };

  const childrenOf = (name: string, digest: string): Promise<readonly string[]> => {
    const found = children.get(digest) ?? readChildren(registry, name, digest);
    children.set(digest, found);
    found.catch(() => children.delete(digest));
    return found;
  };

  const remove = async (to: string, name: string): Promise<"removed" | "gone" | "locked"> => {
    try {
      await session.send({ method: "DELETE", to, scopes: await allowed(name, DELETING), once: true });
      return "removed";
    } catch (error) {
      const end = error instanceof RegistryFault ? readRefusal(error) : undefined;
      if (end === undefined) throw error;
      return end;
    }
  };

  return {
    findLocks: async (name) => {
      const scopes = await allowed(name, LISTING);
      const request = { method: "GET", to: `/acr/v1/${checkName(name)}`, scopes, accept: [404] } as const;
      for await (const page of listPages(session, request))
        return readLocks((page as Entry | null)?.["changeableAttributes"]);
      return undefined;
    },
    listTags: (name) => listAll(name, "tags", readTag),
    listManifests: async (name) => {
      const found = await listAll(name, "manifests", readManifest);
      if (found === undefined) return undefined;
      const whole = new Map<string, readonly string[]>();
      await eachSideBySide(found, SIDE_BY_SIDE, async ({ digest, mediaType, references }) => {
        // The list need not say what an index is made of, and what is not known would be taken for nobody's.
        whole.set(digest, references ?? (isIndex(mediaType) ? await childrenOf(name, digest) : []));
      });
      return found.map((manifest) => ({ ...manifest, references: whole.get(manifest.digest) ?? [] }));
    },
    untag: (name, tag) => remove(`/acr/v1/${checkName(name)}/_tags/${checkReference(tag)}`, name),
    deleteManifest: (name, digest) => remove(`/v2/${checkName(name)}/manifests/${checkDigest(digest)}`, name),
  };
}

/** What counts as an end of a delete; undefined for everything that says nothing about the thing itself. */
function readRefusal({ facts: { status, code } }: RegistryFault): "gone" | "locked" | undefined {
  // A page of something in between is no word of the registry's.
  if (code === "no-registry-error" || code === "UNSUPPORTED") return undefined;
  if (status === 404) return "gone";
  return status === 405 || code === "REGISTRY_DISALLOWED_OPERATION" ? "locked" : undefined;
}

async function readChildren(
  registry: Pick<Registry, "readManifest">,
  name: string,
  digest: string,
): Promise<readonly string[]> {
  const manifest = await registry.readManifest(name, digest);
  return manifest === undefined ? [] : parseParts(manifest).children.map((child) => child.digest);
}

type Entry = Readonly<Record<string, unknown>>;

/** Undefined for what has no name or digest: a list that cannot be read is no list. */
function readTag(entry: Entry): AcrTag | undefined {
  const { name, digest, createdTime, lastUpdateTime, changeableAttributes } = entry;
  if (typeof name !== "string" || typeof digest !== "string" || !isDigestText(digest)) return undefined;
  const times = { createdAt: readTime(createdTime), updatedAt: readTime(lastUpdateTime) };
  return { name, digest, ...times, ...readLocks(changeableAttributes) };
}

type Listed = Omit<AcrManifest, "references"> & { readonly references: readonly string[] | undefined };

function readManifest(entry: Entry): Listed | undefined {
  const { digest, mediaType, tags, references, imageSize, createdTime, changeableAttributes } = entry;
  if (typeof digest !== "string" || !isDigestText(digest)) return undefined;
  return {
    digest,
    mediaType: typeof mediaType === "string" ? mediaType : "",
    tags: Array.isArray(tags) ? tags.map(String) : [],
    references: Array.isArray(references)
      ? references.flatMap((one: unknown) => (one as { readonly digest?: string } | null)?.digest ?? [])
      : undefined,
    size: typeof imageSize === "number" ? imageSize : 0,
    createdAt: readTime(createdTime),
    ...readLocks(changeableAttributes),
  };
}

/** What the registry does not say counts as locked: nobody touches it then. */
function readLocks(attributes: unknown): AcrLocks {
  const { writeEnabled, deleteEnabled } = (attributes ?? {}) as Entry;
  return { writeEnabled: writeEnabled === true, deleteEnabled: deleteEnabled === true };
}

function readTime(text: unknown): Date | undefined {
  const at = typeof text === "string" ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : new Date(at);
}

function noList({ host }: RegistrySession, path: string): RegistryFault {
  const said = "its list cannot be read: an entry has no name or digest";
  return new RegistryFault({ request: `GET ${path}`, host, status: 200, code: "no-list", said, passing: false });
}
