import { isTagOf, type PurgeEnvironment } from "../../image/purge-environment.ts";
import { eachSideBySide } from "../../kit/side-by-side.ts";
import { decideDelete } from "./decide-delete.ts";
import { groupByOrder } from "./delete-order.ts";
import { type Look, type Looks, shareLooks } from "./look.ts";
import type { Item, Outcome } from "./outcome.ts";
import type { Referrers, RepositoryPlan } from "./plan.ts";
import { type Finding, takeTurn } from "./take-turn.ts";
import type { PurgeRegistry, World } from "./world.ts";

export interface Purge {
  readonly plan: RepositoryPlan;
  readonly environment: PurgeEnvironment;
  readonly registry: PurgeRegistry;
  readonly concurrency: number;
  stopped(): string | undefined;
  giveUp(because: string): void;
  record(item: Item, outcome: Outcome): void;
}

/** What this run has removed of a repository: the registry may list it for a while. */
interface Removed {
  /** `tag digest` */
  readonly tags: Set<string>;
  readonly digests: Set<string>;
}

/** Carries out the plan of one repository: the environment's tags, then those that only name content, then the manifests. */
export async function purgeRepository(purge: Purge, world: World): Promise<void> {
  const { plan, environment, concurrency } = purge;
  const looks = shareLooks(plan.name, purge.registry, world);
  const removed: Removed = { tags: new Set(), digests: new Set() };
  const own = plan.tags.filter(({ name }) => isTagOf(name, environment));
  const content = plan.tags.filter(({ name }) => !isTagOf(name, environment));
  for (const tags of [own, content]) {
    looks.forget();
    await eachSideBySide(tags, concurrency, (tag) => removeTag(tag, looks, removed, purge, world));
  }
  const pending = new Set(plan.manifests.map(({ digest }) => digest));
  for (const group of groupByOrder(plan.manifests, plan.referrers)) {
    looks.forget();
    await eachSideBySide(group, concurrency, (digest) => removeManifest(digest, pending, looks, removed, purge, world));
  }
}

async function removeTag(
  tag: RepositoryPlan["tags"][number],
  looks: Looks,
  removed: Removed,
  purge: Purge,
  world: World,
): Promise<void> {
  const { plan, registry, stopped, giveUp } = purge;
  const outcome = await takeTurn(
    {
      stopped,
      giveUp,
      find: async () => judgeTag(tag, await looks.fresh(), purge),
      remove: () => registry.metadata.untag(plan.name, tag.name),
    },
    world,
  );
  if (outcome.kind === "removed" || outcome.kind === "gone") removed.tags.add(`${tag.name} ${tag.digest}`);
  purge.record({ repository: plan.name, kind: "tag", ...tag }, outcome);
}

function judgeTag(
  { name, digest }: RepositoryPlan["tags"][number],
  { tags, answeredAt }: Look,
  { environment, plan }: Purge,
): Finding {
  const live = tags.find((one) => one.name === name);
  if (live === undefined) return { kind: "gone" };
  const end = (outcome: Outcome): Finding => ({ kind: "end", outcome });
  if (live.digest !== digest) return end({ kind: "kept", because: `it moved to ${live.digest} since the plan` });
  if (!(live.writeEnabled && live.deleteEnabled))
    return end({ kind: "locked", because: "it was locked since the plan" });
  if (isTagOf(name, environment)) return { kind: "remove", answeredAt };
  // A tag that names content goes only with its image: what nobody planned to remove keeps both.
  const planned = new Set(plan.tags.map((tag) => `${tag.name} ${tag.digest}`));
  const other = tags.find((one) => one.digest === digest && !planned.has(`${one.name} ${one.digest}`));
  if (other !== undefined) return end({ kind: "kept", because: `its image has the tag ${other.name}` });
  return { kind: "remove", answeredAt };
}

async function removeManifest(
  digest: string,
  pending: Set<string>,
  looks: Looks,
  removed: Removed,
  purge: Purge,
  world: World,
): Promise<void> {
  const { plan, registry, stopped, giveUp } = purge;
  const outcome = await takeTurn(
    {
      stopped,
      giveUp,
      find: async () => {
        const [look, asked] = await Promise.all([looks.fresh(), askAgain(digest, purge, world)]);
        const word = decideDelete({ digest, look, referrers: asked.referrers, pending });
        if (word.kind === "gone") return { kind: "gone" };
        if (word.kind === "delete") return { kind: "remove", answeredAt: Math.min(look.answeredAt, asked.answeredAt) };
        const kept: Outcome = { kind: "kept", because: word.because };
        return { kind: hasGhosts(look, removed) ? "again" : "end", outcome: kept };
      },
      remove: () => registry.metadata.deleteManifest(plan.name, digest),
    },
    world,
  );
  // What stays after all holds its parts.
  pending.delete(digest);
  if (outcome.kind === "removed" || outcome.kind === "gone") removed.digests.add(digest);
  purge.record({ repository: plan.name, kind: "manifest", name: digest, digest }, outcome);
}

/**
 * What points at a digest now, and at what points at it, since the registry deletes all of that together. A digest that
 * the plan does not know is not asked for: so it holds.
 */
async function askAgain(
  digest: string,
  { plan, registry }: Purge,
  world: Pick<World, "monotonic">,
): Promise<{ readonly referrers: Referrers; readonly answeredAt: number }> {
  const referrers = new Map(plan.referrers);
  let answeredAt = Number.POSITIVE_INFINITY;
  const asked = new Set([digest]);
  // A set takes in what is added while it is walked.
  for (const one of asked) {
    const found = await registry.registry.listReferrers(plan.name, one);
    answeredAt = Math.min(answeredAt, world.monotonic());
    referrers.set(one, found);
    for (const { digest: other } of found) if (plan.referrers.has(other)) asked.add(other);
  }
  return { referrers, answeredAt };
}

/** Whether something is listed that this run has removed. */
function hasGhosts({ tags, manifests }: Look, removed: Removed): boolean {
  const ghostTag = (name: string, digest: string): boolean => removed.tags.has(`${name} ${digest}`);
  return (
    tags.some(({ name, digest }) => ghostTag(name, digest)) ||
    manifests.some(
      ({ digest, tags: names }) => removed.digests.has(digest) || names.some((name) => ghostTag(name, digest)),
    )
  );
}
