import { listClauses } from "../../kit/error-chain.ts";
import { listBlockers } from "../../ttl/blockers.ts";
import { listChanges } from "../../ttl/changes.ts";
import { type DenyAssignment, type GroupFacts, isDeleting, type Lock } from "../../ttl/facts.ts";
import type { Policy } from "../../ttl/fate.ts";
import { listNamespaceChanges } from "../../ttl/namespace-changes.ts";
import { decideEnd } from "../../ttl/namespace-fate.ts";
import { answererOf } from "../../ttl/namespace-group.ts";
import { doubtClock, earlierNow } from "./clock.ts";
import { type Dated, dated } from "./fresh-locks.ts";
import { describeOutcome, type Outcome } from "./outcome.ts";
import type { World } from "./world.ts";

/** The longest time between ARM's answer how a group is and the request to delete that group. */
const LONGEST_WINDOW_MS = 1_000;
/** An answer that took longer than this to come may be as old. */
const LONGEST_LOOK_MS = 10_000;
const TRIES = 5;
/** Before another look, where the last DELETE had no answer. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;

export interface Turn {
  /** The group as the plan saw it. */
  readonly planned: GroupFacts;
  readonly policy: Policy;
  readonly denyAssignments: readonly DenyAssignment[];
  readonly forceDeletionTypes: readonly string[];
  /** Why no delete may begin now (cancelled, too late), or undefined. */
  stopped(): string | undefined;
  freshLocks(subscriptionId: string): Promise<Dated<readonly Lock[]>>;
  /** Writes the outcome down. Called with `asked` before the DELETE goes. */
  record(outcome: Outcome): void;
}

/**
 * Looks at one group again and deletes it only when it still is exactly what the plan saw, and still expired.
 *
 * ARM has no conditional delete, so what is edited after this last look loses: everything that can wait has waited
 * before the look, and a look older than a second is taken again. A cluster has one: what is edited there is looked at
 * again.
 */
export async function reapGroup(turn: Turn, world: World): Promise<Outcome> {
  const sent: Sent = { unanswered: undefined };
  const by = answererOf(turn.planned.id);
  try {
    const outcome = await tryToReap(turn, sent, world);
    if (sent.unanswered === undefined) return outcome;
    // Ours was heard after all, or nothing is known: neither is a group that was left alone.
    if (outcome.kind === "vanished") return { kind: "gone" };
    if (outcome.kind === "not-started" || outcome.kind === "changed")
      return failAfter(sent.unanswered, outcome.because, by);
    return outcome.kind === "blocked" ? failAfter(sent.unanswered, describeOutcome(outcome, by), by) : outcome;
  } catch (error) {
    const because = listClauses(error).join(": ");
    return sent.unanswered === undefined ? { kind: "failed", because } : failAfter(sent.unanswered, because, by);
  }
}

/** What became of the DELETEs of one turn. */
interface Sent {
  /** Why one of them has no answer: ARM may have heard it. */
  unanswered: string | undefined;
}

function failAfter(unanswered: string, because: string, by: ReturnType<typeof answererOf>): Outcome {
  return {
    kind: "failed",
    because: `DELETE was sent and not answered (${unanswered}), ${by} may be deleting it; then ${because}`,
  };
}

async function tryToReap(turn: Turn, sent: Sent, world: World): Promise<Outcome> {
  const { planned } = turn;
  const { subscriptionId, name } = planned;
  let because = "";
  for (let tried = 0; tried < TRIES; tried += 1) {
    await world.groups.reserveDelete(subscriptionId);
    const lookedAt = world.monotonic();
    const stop = turn.stopped();
    if (stop !== undefined) return { kind: "not-started", because: stop };
    const [group, locks] = await Promise.all([
      dated(world.groups.find(subscriptionId, name), world),
      turn.freshLocks(subscriptionId),
    ]);
    // Ours was heard: whatever its tags say by now, ARM is at it.
    if (sent.unanswered !== undefined && isDeleting(group.value)) return { kind: "accepted" };
    const judged = judge(turn, group.value, locks.value, world);
    if ("kind" in judged) return judged;
    const stopNow = turn.stopped();
    if (stopNow !== undefined) return { kind: "not-started", because: stopNow };
    const windowMs = world.monotonic() - Math.min(group.answeredAt, locks.answeredAt);
    const lookMs = world.monotonic() - lookedAt;
    if (windowMs > LONGEST_WINDOW_MS || lookMs > LONGEST_LOOK_MS) {
      because = `the look before the delete was ${Math.round(Math.max(windowMs, lookMs))} ms old`;
      continue;
    }
    turn.record({ kind: "asked" });
    const answer = await world.groups.delete(subscriptionId, name, turn.forceDeletionTypes, judged.live);
    switch (answer.kind) {
      case "accepted":
        return { kind: "accepted", operation: answer.operation, windowMs: Math.round(windowMs) };
      case "absent":
        return { kind: "vanished" };
      case "refused":
        // 409 is also what ARM says to a DELETE of what it is deleting already.
        if (answer.status === 409 && isDeleting(await world.groups.find(subscriptionId, name)))
          return { kind: "accepted" };
        return { kind: "blocked", blockers: listBlockers(answer.fault) };
      case "again":
        because = answer.because;
        break;
      case "unanswered":
        // Whether ARM heard it, only the next look can tell.
        if (world.cancelled.aborted) return { kind: "asked" };
        because = answer.because;
        sent.unanswered = because;
        await world.sleep(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tried));
        break;
    }
  }
  const tries = `tried ${TRIES} times`;
  return sent.unanswered === undefined
    ? { kind: "failed", because: `${because} (${tries})` }
    : failAfter(sent.unanswered, tries, answererOf(planned.id));
}

/** Why the group is not deleted after this look; the group as it is when nothing speaks against it. */
function judge(
  turn: Turn,
  live: GroupFacts | undefined,
  locks: readonly Lock[],
  world: World,
): Outcome | { readonly live: GroupFacts } {
  if (live === undefined) return { kind: "vanished" };
  const { namespace: planned } = turn.planned;
  const barriers = { locks, denyAssignments: turn.denyAssignments };
  const fate = decideEnd(live, barriers, turn.policy, earlierNow(world));
  // Another one of the same name, whatever becomes of it.
  if (planned?.uid !== live.namespace?.uid) return { kind: "changed", because: "it was deleted and made anew" };
  // Somebody else began, or ARM heard a DELETE of ours whose answer was lost.
  if (fate.kind === "deleting") return { kind: "accepted" };
  if (fate.kind === "keep") return { kind: "changed", because: fate.because };
  if (fate.kind === "ignore") return { kind: "changed", because: "it is not marked for deletion any more" };
  const changes = listAllChanges(turn.planned, live);
  if (changes.length > 0) return { kind: "changed", because: changes.join("; ") };
  const doubt = doubtClock(world);
  return doubt === undefined ? { live } : { kind: "not-started", because: doubt };
}

function listAllChanges(planned: GroupFacts, live: GroupFacts): readonly string[] {
  if (planned.namespace === undefined || live.namespace === undefined) return listChanges(planned, live);
  return listNamespaceChanges(planned.namespace, live.namespace);
}
