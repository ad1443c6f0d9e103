import type { AcrManifest } from "../registry/registry.ts";
import { MEDIA_TYPES } from "./manifest.ts";
import type { RepositoryFacts } from "./purge.ts";

export interface ManifestVerdicts {
  /** An index before what it is made of. */
  readonly goes: readonly AcrManifest[];
  readonly keeps: readonly { readonly digest: string; readonly because: string }[];
}

/**
 * Which manifests go when the tags on `roots` are gone. It begins with all that hangs together with them, what an index is
 * made of and what points at a digest, and keeps one after the other for a reason until nothing changes: so nothing goes
 * that something which stays is made of.
 *
 * @param stayingTags the tags that are on each digest afterwards.
 */
export function decideManifests(
  roots: ReadonlySet<string>,
  stayingTags: ReadonlyMap<string, readonly string[]>,
  facts: Pick<RepositoryFacts, "manifests" | "referrers">,
): ManifestVerdicts {
  const listed = new Map(facts.manifests.map((manifest) => [manifest.digest, manifest]));
  const parents = invert(facts.manifests.map(({ digest, references }) => [digest, references]));
  const subjects = invert(
    [...facts.referrers].map(([digest, referrers]) => [digest, referrers.map((referrer) => referrer.digest)]),
  );
  const going = new Set(listBelongings(roots, facts));
  const reasons = new Map<string, string>();
  const findReason = (digest: string): string | undefined => {
    const manifest = listed.get(digest);
    if (manifest === undefined) return "the registry does not list it";
    const silent = facts.manifests.find((one) => isSilentIndex(one) && !going.has(one.digest));
    if (silent !== undefined) return `the index ${silent.digest} does not tell what it is made of`;
    if (!(manifest.writeEnabled && manifest.deleteEnabled)) return "it is locked";
    const [tag] = stayingTags.get(digest) ?? [];
    if (tag !== undefined) return `the tag ${tag} stays on it`;
    const stays = (other: string): boolean => !going.has(other);
    const parent = parents.get(digest)?.find(stays);
    if (parent !== undefined) return `the index ${parent} is made of it`;
    const subject = subjects.get(digest)?.find(stays);
    if (subject !== undefined) return `it belongs to ${subject}, which stays`;
    const referrers = facts.referrers.get(digest);
    if (referrers === undefined) return "what points at it was not told";
    // A registry deletes what points at a manifest together with it.
    const referrer = referrers.find((one) => stays(one.digest));
    return referrer === undefined ? undefined : `${referrer.digest} points at it and stays`;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const digest of going) {
      const because = findReason(digest);
      if (because === undefined) continue;
      going.delete(digest);
      reasons.set(digest, because);
      changed = true;
    }
  }
  return {
    goes: sortParentsFirst(going, parents).flatMap((digest) => listed.get(digest) ?? []),
    keeps: [...reasons].filter(([digest]) => listed.has(digest)).map(([digest, because]) => ({ digest, because })),
  };
}

/** An index whose parts are not told may be made of anything. */
function isSilentIndex({ mediaType, references }: AcrManifest): boolean {
  return (mediaType === MEDIA_TYPES.ociIndex || mediaType === MEDIA_TYPES.dockerList) && references.length === 0;
}

function invert(edges: readonly (readonly [string, readonly string[]])[]): ReadonlyMap<string, readonly string[]> {
  const sources = new Map<string, string[]>();
  for (const [from, targets] of edges) {
    for (const to of targets) {
      const list = sources.get(to);
      if (list === undefined) sources.set(to, [from]);
      else list.push(from);
    }
  }
  return sources;
}

/** What hangs together with some digests, these among it: what an index is made of, and what points at something. */
export function listBelongings(
  roots: Iterable<string>,
  { manifests, referrers }: Pick<RepositoryFacts, "manifests" | "referrers">,
): ReadonlySet<string> {
  const parts = new Map(manifests.map(({ digest, references }) => [digest, references]));
  const found = new Set(roots);
  // A set takes in what is added while it is walked.
  for (const digest of found) {
    for (const part of parts.get(digest) ?? []) found.add(part);
    for (const referrer of referrers.get(digest) ?? []) found.add(referrer.digest);
  }
  return found;
}

/** No index is without a part of it at any moment. */
function sortParentsFirst(
  digests: ReadonlySet<string>,
  parents: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const sorted = new Set<string>();
  const visited = new Set<string>();
  const visit = (digest: string): void => {
    if (visited.has(digest) || !digests.has(digest)) return;
    visited.add(digest);
    for (const parent of parents.get(digest) ?? []) visit(parent);
    sorted.add(digest);
  };
  for (const digest of digests) visit(digest);
  return [...sorted];
}
