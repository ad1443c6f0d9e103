import { renderDuration } from "../../kit/duration.ts";
import { startProgress } from "../../kit/progress.ts";
import { eachSideBySide } from "../../kit/side-by-side.ts";
import type { GroupFacts } from "../../ttl/facts.ts";
import { answererOf, isCluster } from "../../ttl/namespace-group.ts";
import { shareLocks } from "./fresh-locks.ts";
import { describeOutcome, type Outcome } from "./outcome.ts";
import type { Plan } from "./plan.ts";
import { reapGroup } from "./reap-group.ts";
import { startWatch } from "./watch.ts";
import type { World } from "./world.ts";

export interface ReapOptions {
  readonly forceDeletionTypes: readonly string[];
  readonly wait: "verify" | "accept";
  readonly concurrency: number;
  /** `monotonic` milliseconds at which the run has to be over. */
  readonly deadlineAt: number;
  readonly deadlineMs: number;
}

/** No delete begins in the last part of a run: it could not be followed to its end. */
const LAST_START_SHARE = 0.1;

/** Carries out a plan: the longest expired first, some side by side. One stuck group never stops the others. */
export async function reap(plan: Plan, options: ReapOptions, world: World): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const progress = startProgress({ now: () => world.now(), info: (line) => world.log.info(line) });
  const record = (group: GroupFacts, outcome: Outcome): void => {
    outcomes.set(group.id.toLowerCase(), outcome);
    world.record({ type: "outcome", id: group.id, at: world.now(), outcome });
    if (outcome.kind !== "asked") progress.say(`${group.name}: ${describeOutcome(outcome, answererOf(group.id))}`);
  };
  const stoppedAt = (time: number) => (): string | undefined => {
    if (world.cancelled.aborted) return "the job was cancelled";
    return world.monotonic() < time ? undefined : `the deadline of ${renderDuration(options.deadlineMs)} was reached`;
  };
  const startsUntil = options.deadlineAt - options.deadlineMs * LAST_START_SHARE;
  const watch = startWatch(world, { stopped: stoppedAt(options.deadlineAt), settle: record, say: progress.say });
  const freshLocks = shareLocks(world);
  const denied = new Map(plan.subscriptions.map((one) => [one.id.toLowerCase(), one.denyAssignments ?? []]));

  const takeTurn = async (planned: GroupFacts): Promise<void> => {
    const outcome = await reapGroup(
      {
        planned,
        policy: plan.policy,
        denyAssignments: denied.get(planned.subscriptionId.toLowerCase()) ?? [],
        forceDeletionTypes: options.forceDeletionTypes,
        stopped: stoppedAt(options.wait === "verify" ? startsUntil : options.deadlineAt),
        freshLocks,
        record: (asked) => record(planned, asked),
      },
      world,
    );
    record(planned, outcome);
    if (outcome.kind === "accepted" && options.wait === "verify") {
      watch.follow({ group: planned, operation: outcome.operation });
    }
  };

  for (const { fate, seen } of plan.entries) {
    // An earlier run began this one: it is followed, not asked for a second time.
    if (fate.kind === "deleting" && seen !== undefined && options.wait === "verify") {
      record(seen, { kind: "accepted" });
      watch.follow({ group: seen, operation: undefined });
    }
  }
  await eachSideBySide(listTurns(plan), options.concurrency, takeTurn);
  await watch.finish();
  await findReturned(outcomes, plan, world, record);
  return outcomes;
}

function listTurns(plan: Plan): readonly GroupFacts[] {
  return plan.entries
    .flatMap(({ fate, seen }) => (fate.kind === "expired" && seen !== undefined ? [{ at: fate.expiresAt, seen }] : []))
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ seen }) => seen);
}

/** A deployment that was still running can make a group anew after ARM said 404: one last list per subscription. */
async function findReturned(
  outcomes: ReadonlyMap<string, Outcome>,
  plan: Plan,
  world: World,
  record: (group: GroupFacts, outcome: Outcome) => void,
): Promise<void> {
  const isGone = (group: GroupFacts): boolean => outcomes.get(group.id.toLowerCase())?.kind === "gone";
  const gone = plan.entries.flatMap(({ seen }) => (seen !== undefined && isGone(seen) ? [seen] : []));
  for (const id of new Set(gone.map((group) => group.subscriptionId))) {
    if (world.cancelled.aborted) return;
    try {
      for await (const group of world.groups.list(id)) {
        // The list may lag behind: only a group that answers by name is back.
        if (isGone(group) && (await world.groups.find(id, group.name)) !== undefined)
          record(group, { kind: "came-back" });
      }
    } catch {
      world.log.info(
        `The last look at ${isCluster(id) ? id : `subscription ${id}`} failed; each ${isCluster(id) ? "namespace" : "group"} had answered 404 before.`,
      );
    }
  }
}
