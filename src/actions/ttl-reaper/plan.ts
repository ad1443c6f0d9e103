import { codeOf, listClauses } from "../../kit/error-chain.ts";
import type { Barriers, DenyAssignment, GroupFacts } from "../../ttl/facts.ts";
import type { Fate, Policy } from "../../ttl/fate.ts";
import { decideFuse, type Fuse, type FuseLimits } from "../../ttl/fuse.ts";
import { decideEnd } from "../../ttl/namespace-fate.ts";
import { isCluster } from "../../ttl/namespace-group.ts";
import type { World } from "./world.ts";

/** A group or namespace that carries the mark, or nearly, and what should happen to it. */
export interface PlanEntry {
  readonly id: string;
  readonly subscriptionId: string;
  readonly name: string;
  readonly fate: Exclude<Fate, { kind: "ignore" }>;
  /** The group as it was seen, for those that are to be deleted. */
  readonly seen?: GroupFacts;
}

export interface SubscriptionPlan {
  /** A subscription's GUID, or the resource id of a cluster, whose namespaces are counted as groups then. */
  readonly id: string;
  readonly groups: number;
  readonly outOfScope: number;
  /** Undefined when the identity may not read them. */
  readonly denyAssignments: readonly DenyAssignment[] | undefined;
  /** Why this subscription could not be seen whole: nothing in it is deleted. */
  readonly unreadable?: { readonly code: string; readonly because: string };
  /** Why there is nothing to sweep in it now and nothing to mend either: a stopped cluster waits for its start. */
  readonly asleep?: string;
}

/** What a run saw and means to do. The same object is shown in a dry run and acted upon in a real one. */
export interface Plan {
  readonly now: Date;
  readonly dryRun: boolean;
  readonly policy: Policy;
  readonly subscriptions: readonly SubscriptionPlan[];
  readonly entries: readonly PlanEntry[];
  /** Groups that stay and are only counted, because more of them than anybody reads are listed already. */
  readonly unlisted: { readonly kept: number; readonly odd: number };
  /** Groups and namespaces in scope with auto-destroy=true. */
  readonly marked: number;
  readonly fuse: Fuse;
}

/**
 * Looks at every subscription and cluster, one after the other, and decides. Groups that nobody marked are counted and forgotten, so
 * that the size of a subscription does not matter.
 *
 * @param subscriptionIds GUIDs, and resource ids of clusters
 */
export async function makePlan(
  subscriptionIds: readonly string[],
  policy: Policy,
  limits: FuseLimits & { readonly dryRun: boolean },
  world: World,
): Promise<Plan> {
  const now = world.now();
  let listed: Listed = { entries: [], unlisted: { kept: 0, odd: 0 } };
  const marked = { groups: 0, namespaces: 0 };
  const subscriptions: SubscriptionPlan[] = [];
  for (const id of uniqueIds(subscriptionIds)) {
    if (world.cancelled.aborted) break;
    const found = await planSubscription(id, policy, now, world);
    subscriptions.push(found.subscription);
    // A subscription that was seen in part is not acted upon in part.
    if (found.subscription.unreadable !== undefined) continue;
    marked[isCluster(id) ? "namespaces" : "groups"] += found.entries.filter((entry) => !isOptedOut(entry)).length;
    listed = shorten({ ...listed, entries: [...listed.entries, ...found.entries] });
  }
  const { dryRun } = limits;
  const fuse = decideFuses(listed.entries, marked, limits);
  return { now, dryRun, policy, subscriptions, ...listed, marked: marked.groups + marked.namespaces, fuse };
}

/** Clusters keep their casing: kubectl tells contexts apart by it. */
function uniqueIds(ids: readonly string[]): Iterable<string> {
  const unique = new Map<string, string>();
  for (const id of ids)
    if (!unique.has(id.toLowerCase())) unique.set(id.toLowerCase(), isCluster(id) ? id : id.toLowerCase());
  return unique.values();
}

/** Groups and namespaces are counted apart, and either kind stops both: docs/adr/0015. */
function decideFuses(
  entries: readonly PlanEntry[],
  marked: Readonly<Record<"groups" | "namespaces", number>>,
  limits: FuseLimits,
): Fuse {
  const expired = entries.filter(({ fate }) => fate.kind === "expired");
  const namespaces = expired.filter(({ subscriptionId }) => isCluster(subscriptionId)).length;
  const ofGroups = decideFuse(expired.length - namespaces, marked.groups, limits, "groups");
  return ofGroups.kind === "tripped" ? ofGroups : decideFuse(namespaces, marked.namespaces, limits, "namespaces");
}

async function planSubscription(
  id: string,
  policy: Policy,
  now: Date,
  world: World,
): Promise<{ readonly subscription: SubscriptionPlan; readonly entries: readonly PlanEntry[] }> {
  const counts = { groups: 0, outOfScope: 0 };
  const entries: PlanEntry[] = [];
  let denyAssignments: readonly DenyAssignment[] | undefined;
  try {
    const [locks, denials] = await Promise.all([world.barriers.listLocks(id), world.barriers.listDenyAssignments(id)]);
    denyAssignments = denials;
    const barriers: Barriers = { locks, denyAssignments: denials ?? [] };
    for await (const group of world.groups.list(id)) {
      counts.groups += 1;
      const fate = decideEnd(group, barriers, policy, now);
      if (fate.kind !== "ignore") entries.push(toEntry(group, fate));
      else if (fate.because === "out-of-scope") counts.outOfScope += 1;
    }
    return { subscription: { id, ...counts, denyAssignments }, entries };
  } catch (error) {
    if (codeOf(error) === "cluster-stopped") {
      return {
        subscription: { id, ...counts, denyAssignments: [], asleep: listClauses(error).join(": ") },
        entries: [],
      };
    }
    // A cancel breaks off what is under way: that says nothing about ARM.
    const unreadable = world.cancelled.aborted
      ? { code: "cancelled", because: "The job was cancelled before the subscription was seen whole." }
      : { code: codeOf(error), because: listClauses(error).join(": ") };
    return { subscription: { id, ...counts, denyAssignments, unreadable }, entries: [] };
  }
}

type Listed = Pick<Plan, "entries" | "unlisted">;

/** More groups that stay than this are no list that anybody reads, and no summary could hold them. */
const MOST_KEPT = 2_000;

/** Drops those of the groups that stay that matter least: the odd ones matter most, then what expires next. */
function shorten({ entries, unlisted }: Listed): Listed {
  const kept = entries.filter(({ fate }) => fate.kind === "keep");
  if (kept.length <= MOST_KEPT) return { entries, unlisted };
  const rank = ({ fate }: PlanEntry): number =>
    isOdd(fate) ? 0 : (fate.expiresAt?.getTime() ?? Number.MAX_SAFE_INTEGER);
  kept.sort((a, b) => rank(a) - rank(b));
  const [stay, go] = [kept.slice(0, MOST_KEPT), kept.slice(MOST_KEPT)];
  const odd = go.filter(({ fate }) => isOdd(fate)).length;
  return {
    entries: [...entries.filter(({ fate }) => fate.kind !== "keep"), ...stay],
    unlisted: { odd: unlisted.odd + odd, kept: unlisted.kept + go.length - odd },
  };
}

function isOdd(fate: PlanEntry["fate"]): boolean {
  return fate.kind === "keep" && fate.reason === "odd";
}

function toEntry(group: GroupFacts, fate: PlanEntry["fate"]): PlanEntry {
  const entry = { id: group.id, subscriptionId: group.subscriptionId, name: group.name, fate };
  return fate.kind === "expired" || fate.kind === "deleting" ? { ...entry, seen: group } : entry;
}

/** Groups that say no, or whose mark cannot be read, are not part of the fleet that the percentage counts. */
function isOptedOut(entry: PlanEntry): boolean {
  const { fate } = entry;
  return (
    fate.kind === "keep" &&
    (fate.reason === "opted-out" || (fate.reason === "odd" && fate.mend?.["auto-destroy"] !== undefined))
  );
}
