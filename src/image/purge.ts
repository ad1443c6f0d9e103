import type { AcrManifest, AcrTag } from "../registry/registry.ts";
import type { Descriptor } from "./manifest.ts";
import { isCarrierTag, isContentTag, isTagOf, type PurgeEnvironment } from "./purge-environment.ts";
import { decideManifests, listBelongings } from "./purge-manifests.ts";

/** A repository as the registry tells it, all pages. */
export interface RepositoryFacts {
  readonly tags: readonly AcrTag[];
  readonly manifests: readonly AcrManifest[];
  /** What points at each digest (signatures, attestations). A digest that is not in it was not asked for: it stays. */
  readonly referrers: ReadonlyMap<string, readonly Pick<Descriptor, "digest">[]>;
}

export interface PurgePlan {
  /** Tags to take away, which leaves their manifests. */
  readonly tags: readonly { readonly name: string; readonly digest: string }[];
  /** Manifests to delete after that, an index before what it is made of. Look at each one again before. */
  readonly manifests: readonly AcrManifest[];
  readonly stays: readonly Staying[];
}

/** Something of the environment that is left where it is. */
export interface Staying {
  readonly kind: "tag" | "manifest";
  /** The tag, or the digest. */
  readonly name: string;
  readonly because: string;
  /** True where somebody has locked it. */
  readonly locked: boolean;
}

/**
 * What goes with an environment: its tags, and then each manifest that nothing else needs. Any doubt keeps a manifest and
 * says why.
 *
 * A tag that only names content (`ctx-<hash>`) or carried a part of it keeps nothing alive: it goes with its manifest when
 * all others go.
 */
export function decidePurge(environment: PurgeEnvironment, facts: RepositoryFacts): PurgePlan {
  const locked = new Set(facts.manifests.filter(isLocked).map(({ digest }) => digest));
  const own = facts.tags.filter(({ name }) => isTagOf(name, environment));
  const stays = own.flatMap((tag) => findHold(tag, locked));
  const going = own.filter((tag) => findHold(tag, locked).length === 0);

  const roots = new Set(going.map(({ digest }) => digest));
  const belongings = listBelongings(roots, facts);
  const namesOnlyUs = ({ name, digest }: AcrTag): boolean =>
    (isContentTag(name) && roots.has(digest)) || (isCarrierTag(name) && belongings.has(digest));
  // Taken for granted here, and taken back below for a manifest that stays after all.
  const contentTags = facts.tags.filter((tag) => namesOnlyUs(tag) && findHold(tag, locked).length === 0);
  const { goes, keeps } = decideManifests(roots, tagsThatStay(facts, [...going, ...contentTags]), facts);
  const gone = new Set(goes.map(({ digest }) => digest));
  const tags = [...going, ...contentTags.filter(({ digest }) => gone.has(digest))];
  return {
    tags: tags.map(({ name, digest }) => ({ name, digest })),
    manifests: goes,
    stays: [
      ...stays,
      ...keeps.map(({ digest, because }) => ({
        kind: "manifest" as const,
        name: digest,
        because,
        locked: locked.has(digest),
      })),
    ],
  };
}

/**
 * The digests whose referrers must still be asked for before a decision is whole; ask again afterwards, since what points
 * at a digest may be pointed at as well.
 */
export function listUnasked(environment: PurgeEnvironment, facts: RepositoryFacts): readonly string[] {
  const roots = facts.tags.filter(({ name }) => isTagOf(name, environment)).map(({ digest }) => digest);
  const listed = new Set(facts.manifests.map(({ digest }) => digest));
  return [...listBelongings(roots, facts)].filter((digest) => listed.has(digest) && !facts.referrers.has(digest));
}

function isLocked({ writeEnabled, deleteEnabled }: Pick<AcrTag, "writeEnabled" | "deleteEnabled">): boolean {
  return !(writeEnabled && deleteEnabled);
}

/** A lock on the manifest holds its tags as well: who locked it wants to find it. */
function findHold(tag: AcrTag, locked: ReadonlySet<string>): readonly Staying[] {
  const because = isLocked(tag) ? "it is locked" : locked.has(tag.digest) ? `its manifest ${tag.digest} is locked` : "";
  return because === "" ? [] : [{ kind: "tag", name: tag.name, because, locked: true }];
}

/**
 * The tags on each digest that are there afterwards. Tags and manifests are listed one after the other: what only one of
 * the lists has on a digest counts as there.
 */
function tagsThatStay(
  { tags, manifests }: RepositoryFacts,
  going: readonly AcrTag[],
): ReadonlyMap<string, readonly string[]> {
  const goes = new Set(going.map(({ name, digest }) => `${name} ${digest}`));
  const found = [
    ...tags.map(({ name, digest }) => ({ name, digest })),
    ...manifests.flatMap(({ digest, tags: names }) => names.map((name) => ({ name, digest }))),
  ];
  const staying = new Map<string, string[]>();
  for (const { name, digest } of found) {
    if (goes.has(`${name} ${digest}`)) continue;
    staying.set(digest, [...(staying.get(digest) ?? []), name]);
  }
  return staying;
}
