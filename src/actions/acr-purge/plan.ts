import type { Descriptor } from "../../image/manifest.ts";
import { decidePurge, listUnasked, type RepositoryFacts, type Staying } from "../../image/purge.ts";
import { isTagOf, type PurgeEnvironment } from "../../image/purge-environment.ts";
import { codeOf, listClauses } from "../../kit/error-chain.ts";
import { eachSideBySide } from "../../kit/side-by-side.ts";
import type { AcrManifest } from "../../registry/registry.ts";
import { lookAt } from "./look.ts";
import type { PurgeRegistry, World } from "./world.ts";

/** What points at each digest. */
export type Referrers = ReadonlyMap<string, readonly Pick<Descriptor, "digest">[]>;

/** What a run saw of a repository and means to do there. */
export interface RepositoryPlan {
  readonly name: string;
  readonly state: "seen" | "missing" | "unreadable";
  /** Tags to remove, the environment's first. */
  readonly tags: readonly { readonly name: string; readonly digest: string }[];
  /** Manifests to delete after that, an index before its parts. */
  readonly manifests: readonly AcrManifest[];
  readonly stays: readonly Staying[];
  readonly referrers: Referrers;
  /** Why it could not be seen whole: nothing in it is removed. */
  readonly unreadable?: { readonly code: string; readonly because: string };
}

export interface PlanOptions {
  readonly environment: PurgeEnvironment;
  readonly deleteManifests: boolean;
  readonly concurrency: number;
}

/** Looks at every repository and decides. */
export async function makePlan(
  repositories: readonly string[],
  registry: PurgeRegistry,
  options: PlanOptions,
  world: World,
): Promise<readonly RepositoryPlan[]> {
  const plans = new Map<string, RepositoryPlan>();
  // One after the other: each of them asks side by side.
  for (const name of repositories) plans.set(name, await planRepository(name, registry, options, world));
  return [...plans.values()];
}

const NOTHING = { tags: [], manifests: [], stays: [], referrers: new Map() } as const;

async function planRepository(
  name: string,
  registry: PurgeRegistry,
  options: PlanOptions,
  world: World,
): Promise<RepositoryPlan> {
  try {
    const look = await lookAt(name, registry, world);
    if (look === undefined) return { ...NOTHING, name, state: "missing" };
    const locks = await registry.metadata.findLocks(name);
    if (locks !== undefined && !(locks.writeEnabled && locks.deleteEnabled)) {
      const own = look.tags.filter((tag) => isTagOf(tag.name, options.environment));
      const because = "its repository is locked";
      const stays = own.map((tag) => ({ kind: "tag" as const, name: tag.name, because, locked: true }));
      return { ...NOTHING, name, state: "seen", stays };
    }
    const facts = await askReferrers(name, { ...look, referrers: new Map() }, registry, options);
    const { tags, manifests, stays } = decidePurge(options.environment, facts);
    const { referrers } = facts;
    if (options.deleteManifests) return { name, state: "seen", tags, manifests, stays, referrers };
    // Images stay, and so do the tags that only name their content.
    const own = tags.filter((tag) => isTagOf(tag.name, options.environment));
    const left = stays.filter(({ kind }) => kind === "tag");
    return { name, state: "seen", tags: own, manifests: [], stays: left, referrers };
  } catch (error) {
    // A cancel breaks off what is under way: that says nothing about the registry.
    const unreadable = world.cancelled.aborted
      ? { code: "cancelled", because: "the job was cancelled before it was seen whole" }
      : { code: codeOf(error), because: listClauses(error).join(": ") };
    return { ...NOTHING, name, state: "unreadable", unreadable };
  }
}

/** What points at an image may be pointed at as well: asked for until nothing new turns up. */
async function askReferrers(
  name: string,
  facts: RepositoryFacts,
  { registry }: PurgeRegistry,
  { environment, deleteManifests, concurrency }: PlanOptions,
): Promise<RepositoryFacts> {
  const referrers = new Map<string, readonly Pick<Descriptor, "digest">[]>();
  const known = { ...facts, referrers };
  if (!deleteManifests) return known;
  for (;;) {
    const unasked = listUnasked(environment, known);
    if (unasked.length === 0) return known;
    const faults: unknown[] = [];
    await eachSideBySide(unasked, concurrency, async (digest) => {
      if (faults.length > 0) return;
      await registry.listReferrers(name, digest).then(
        (found) => void referrers.set(digest, found),
        (error: unknown) => void faults.push(error),
      );
    });
    if (faults.length > 0) throw faults[0];
  }
}
