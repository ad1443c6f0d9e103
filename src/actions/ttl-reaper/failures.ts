import { UserError } from "../../kit/user-error.ts";
import type { Blocker } from "../../ttl/blockers.ts";
import { answererOf, titleOf } from "../../ttl/namespace-group.ts";
import { doubtClock } from "./clock.ts";
import { nameKinds } from "./kinds.ts";
import { renderBlockerLine } from "./mend-lines.ts";
import { describeOutcome, isFailure, type Outcome } from "./outcome.ts";
import type { Plan } from "./plan.ts";
import type { World } from "./world.ts";

/** Why nothing may be deleted at all, or undefined. */
export function findStop(plan: Plan, world: World): UserError | undefined {
  const unread = findUnreadable(plan);
  const seen = plan.subscriptions.some((one) => one.unreadable === undefined);
  if (!seen && unread !== undefined) return unread;
  const doubt = doubtClock(world);
  if (doubt !== undefined && plan.subscriptions.length > 0) {
    return new UserError(
      "clock-skew",
      `Nothing was deleted: ${doubt}. Mend the clock of the runner (NTP) and run again.`,
    );
  }
  if (plan.fuse.kind === "holds") return undefined;
  return new UserError(
    "fuse-tripped",
    `Nothing was deleted: ${plan.fuse.because}. When that is right, run it once with a higher ${plan.fuse.limit}.`,
  );
}

/** Why a subscription could not be seen, or undefined when all of them were. */
export function findUnreadable(plan: Plan): UserError | undefined {
  const unread = plan.subscriptions.flatMap(({ unreadable }) => (unreadable === undefined ? [] : [unreadable]));
  const [first] = unread;
  if (first === undefined) return undefined;
  return new UserError(first.code, unread.map(({ because }) => because).join("\n"));
}

/** Why the run fails after what it did: every group that could not be deleted, with what stands in its way. */
export function findFailure(plan: Plan, outcomes: ReadonlyMap<string, Outcome>): UserError | undefined {
  const failures = [...outcomes].filter(([, outcome]) => isFailure(outcome));
  if (failures.length === 0) return findUnreadable(plan);
  const lines = failures.flatMap(([id, outcome]) => [
    `${titleOf(id)}: ${describeOutcome(outcome, answererOf(id))}`,
    ...("blockers" in outcome ? outcome.blockers.flatMap(tellBlocker) : []),
  ]);
  return new UserError(
    "delete-failed",
    `${failures.length} of ${outcomes.size} ${nameKinds(plan)} could not be deleted.\n${lines.join("\n")}`,
  );
}

function tellBlocker(blocker: Blocker): readonly string[] {
  const line = renderBlockerLine(blocker);
  // A command that only looks mends nothing: it finds what does.
  const label = line !== undefined && / (show|list|get) /.test(line) ? "Find it" : "Mend it";
  return [`  ${cut(blocker.message)}`, ...(line === undefined ? [] : [`  ${label}: ${line}`])];
}

function cut(message: string): string {
  const LONGEST = 300;
  return message.length <= LONGEST ? message : `${message.slice(0, LONGEST - 1)}…`;
}
