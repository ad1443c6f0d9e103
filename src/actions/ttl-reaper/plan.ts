import { codeOf, listClauses } from "../../kit/error-chain.ts";
import type { Barriers, DenyAssignment, GroupFacts } from "../../ttl/facts.ts";
import { decideFate, type Fate, type Policy } from "../../ttl/fate.ts";
import { decideFuse, type Fuse, type FuseLimits } from "../../ttl/fuse.ts";
import type { World } from "./world.ts";

/** A group that carries the mark, or nearly, and what should happen to it. */
export interface PlanEntry {
  readonly id: string;
  readonly subscriptionId: string;
  readonly name: string;
  readonly fate: Exclude<Fate, { kind: "ignore" }>;
  /** The group as it was seen, for those that are to be deleted. */
  readonly seen?: GroupFacts;
}

export interface SubscriptionPlan {
  readonly id: string;
  readonly groups: number;
  readonly outOfScope: number;
  /** Undefined when the identity may not read them. */
  readonly denyAssignments: readonly DenyAssignment[] | undefined;
  /** Why this subscription could not be seen whole: nothing in it is deleted. */
  readonly unreadable?: { readonly code: string; readonly because: string };
}

/** What a run saw and means to do. The same object is shown in a dry run and acted upon in a real one. */
export interface Plan {
  readonly now: Date;
  readonly dryRun: boolean;
  readonly policy: Policy;
  readonly subscriptions: readonly SubscriptionPlan[];
  readonly entries: readonly PlanEntry[];
  /** Groups in scope with auto-destroy=true. */
  readonly marked: number;
  readonly fuse: Fuse;
}

/**
 * Looks at every subscription, one after the other, and decides. Groups that nobody marked are counted and forgotten, so
 * that the size of a subscription does not matter.
 */
export async function makePlan(
  subscriptionIds: readonly string[],
  policy: Policy,
  limits: FuseLimits & { readonly dryRun: boolean },
  world: World,
): Promise<Plan> {
  const now = world.now();
  const entries: PlanEntry[] = [];
  const subscriptions: SubscriptionPlan[] = [];
  for (const id of new Set(subscriptionIds.map((one) => one.toLowerCase()))) {
    if (world.cancelled.aborted) break;
    const found = await planSubscription(id, policy, now, world);
    subscriptions.push(found.subscription);
    // A subscription that was seen in part is not acted upon in part.
    if (found.subscription.unreadable === undefined) entries.push(...found.entries);
  }
  const expired = entries.filter((entry) => entry.fate.kind === "expired").length;
  const marked = entries.filter((entry) => !isOptedOut(entry)).length;
  return {
    now,
    dryRun: limits.dryRun,
    policy,
    subscriptions,
    entries,
    marked,
    fuse: decideFuse(expired, marked, limits),
  };
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
      const fate = decideFate(group, barriers, policy, now);
      if (fate.kind !== "ignore") entries.push(toEntry(group, fate));
      else if (fate.because === "out-of-scope") counts.outOfScope += 1;
    }
    return { subscription: { id, ...counts, denyAssignments }, entries };
  } catch (error) {
    const unreadable = { code: codeOf(error), because: listClauses(error).join(": ") };
    return { subscription: { id, ...counts, denyAssignments, unreadable }, entries: [] };
  }
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
