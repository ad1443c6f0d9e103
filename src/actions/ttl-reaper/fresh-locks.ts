import type { Lock } from "../../ttl/facts.ts";
import type { World } from "./world.ts";

/** What ARM answered, and when (`monotonic` milliseconds). */
export interface Dated<T> {
  readonly value: T;
  readonly answeredAt: number;
}

/** Notes when an answer came. */
export async function dated<T>(answer: Promise<T>, world: Pick<World, "monotonic">): Promise<Dated<T>> {
  const value = await answer;
  return { value, answeredAt: world.monotonic() };
}

/** How old the start of a lock read may be for another group to use it too. */
const SHARED_FOR_MS = 250;

/**
 * Reads a subscription's locks for a re-read. Groups whose turn comes within a quarter of a second share one read: the
 * list holds every lock at and below the subscription, so it sees more than a read per group would, for a fraction of
 * ARM's budget.
 */
export function shareLocks(
  world: Pick<World, "barriers" | "monotonic">,
): (subscriptionId: string) => Promise<Dated<readonly Lock[]>> {
  const reads = new Map<string, { readonly startedAt: number; readonly locks: Promise<Dated<readonly Lock[]>> }>();
  return (subscriptionId) => {
    const running = reads.get(subscriptionId);
    if (running !== undefined && world.monotonic() - running.startedAt <= SHARED_FOR_MS) return running.locks;
    const locks = dated(world.barriers.listLocks(subscriptionId), world);
    reads.set(subscriptionId, { startedAt: world.monotonic(), locks });
    return locks;
  };
}
