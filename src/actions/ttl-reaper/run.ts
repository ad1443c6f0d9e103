import type { InputsOf, Run } from "../../kit/define-action.ts";
import { renderDuration } from "../../kit/duration.ts";
import { UserError } from "../../kit/user-error.ts";
import { renderExpiry } from "../../ttl/expiry.ts";
import type { Policy } from "../../ttl/fate.ts";
import { doubtClock } from "./clock.ts";
import { countStory } from "./counts.ts";
import { foldJournal, type JournalEvent, type Story } from "./journal.ts";
import { renderTagLine } from "./mend-lines.ts";
import { describeOutcome, type Outcome } from "./outcome.ts";
import { makePlan, type Plan } from "./plan.ts";
import { listFailures, reap } from "./reap.ts";
import { renderSummary } from "./render-summary.ts";
import { renderReport } from "./report.ts";
import type { spec } from "./spec.ts";
import type { World } from "./world.ts";

type Inputs = InputsOf<typeof spec>;

/** Plans, and unless it is a dry run, carries the plan out and reports what became of each group. */
export const run: Run<typeof spec, World> = async (inputs, world) => {
  const startedAt = world.monotonic();
  const policy = readPolicyOrEnd(inputs, world);
  const events: JournalEvent[] = [];
  const record = (event: JournalEvent): void => {
    events.push(event);
    world.record(event);
  };
  const plan = await makePlan(inputs.subscriptionIds, policy, inputs, world);
  record({ type: "plan", plan });
  await printPlan(plan, world);

  const stop = findStop(plan, world);
  let outcomes: ReadonlyMap<string, Outcome> = new Map();
  if (stop === undefined && !plan.dryRun) {
    const deadline = { deadlineAt: startedAt + inputs.deadline, deadlineMs: inputs.deadline };
    outcomes = await reap(plan, { ...inputs, ...deadline }, { ...world, record });
  }
  const failure = stop ?? findFailure(plan, outcomes);
  record({ type: "end", at: world.now(), because: explainEnd(failure, world, inputs) });
  return { outputs: await report(foldJournal(events), world), failure: plan.dryRun ? findUnreadable(plan) : failure };
};

function readPolicyOrEnd(inputs: Inputs, world: World): Policy {
  try {
    return readPolicy(inputs);
  } catch (error) {
    // Nothing has begun: post has no killed run to tell of.
    world.markReported();
    throw error;
  }
}

function readPolicy(inputs: Inputs): Policy {
  const { namePrefix, allNames } = inputs;
  if ((namePrefix === undefined) !== allNames) {
    const what = allNames ? "both were given" : "neither was given";
    throw new UserError(
      "bad-input",
      `name-prefix, all-names: expected one of them, ${what}. Say which groups may be deleted: name-prefix: pr- or all-names: true`,
    );
  }
  return {
    namePrefix: namePrefix?.toLowerCase(),
    protectedNames: inputs.protectedNames,
    graceMs: inputs.grace,
    horizonMs: inputs.horizon,
  };
}

/** Why nothing may be deleted at all, or undefined. */
function findStop(plan: Plan, world: World): UserError | undefined {
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

function findUnreadable(plan: Plan): UserError | undefined {
  const unread = plan.subscriptions.flatMap(({ unreadable }) => (unreadable === undefined ? [] : [unreadable]));
  const [first] = unread;
  if (first === undefined) return undefined;
  return new UserError(first.code, unread.map(({ because }) => because).join("\n"));
}

function findFailure(plan: Plan, outcomes: ReadonlyMap<string, Outcome>): UserError | undefined {
  const failures = listFailures(outcomes);
  if (failures.length === 0) return findUnreadable(plan);
  const lines = failures.map(([id, outcome]) => `${id.split("/").at(-1)}: ${describeOutcome(outcome)}`);
  return new UserError(
    "delete-failed",
    `${failures.length} of ${outcomes.size} groups could not be deleted.\n${lines.join("\n")}`,
  );
}

function explainEnd(failure: UserError | undefined, world: World, inputs: Inputs): string {
  if (world.cancelled.aborted)
    return "The job was cancelled: no new delete was begun after that. ARM finishes what it accepted.";
  if (failure?.code === "clock-skew" || failure?.code.startsWith("arm-")) return failure.message;
  return inputs.wait === "accept" && !inputs.dryRun ? "Nobody waited for the deletes to end (wait: accept)." : "";
}

async function printPlan(plan: Plan, world: World): Promise<void> {
  const { log } = world;
  const groups = plan.subscriptions.reduce((sum, one) => sum + one.groups, 0);
  await log.group(
    `Plan: ${groups} groups seen, ${plan.marked} marked, ${countStory(foldJournal([{ type: "plan", plan }])).expired} expired`,
    async () => {
      for (const { name, fate } of plan.entries) {
        const when = fate.expiresAt === undefined ? "" : ` (${renderExpiry(fate.expiresAt)})`;
        log.info(
          `${fate.kind === "keep" ? fate.reason : fate.kind}: ${name}${when}${fate.kind === "keep" ? `: ${fate.because}` : ""}`,
        );
      }
    },
  );
  for (const entry of plan.entries) {
    if (entry.fate.kind !== "keep" || entry.fate.reason !== "odd") continue;
    log.warning(`${entry.name}: ${entry.fate.because}.\nMend it: ${renderTagLine(entry, plan.now)}`, {
      title: "Odd tags",
    });
  }
  for (const { id, groups: count, unreadable } of plan.subscriptions) {
    if (count > 0 || unreadable !== undefined) continue;
    log.warning(`Subscription ${id} shows no resource group at all. Has the identity a role in it?`, {
      title: "Empty subscription",
    });
  }
  if (plan.dryRun && plan.fuse.kind === "tripped") {
    log.warning(`The fuse would trip: ${plan.fuse.because}.`, { title: "Fuse" });
  }
}

async function report(story: Story, world: World) {
  const counts = countStory(story);
  const path = await world.writeReport(renderReport(story));
  await world.summarize(renderSummary(story));
  world.markReported();
  world.log.info(
    `${counts.expired} expired, ${counts.deleted} deleted, ${counts.stillDeleting} still deleting, ${counts.skipped} left alone` +
      (counts.nextExpiry === undefined
        ? ""
        : `; the next one expires in ${renderDuration(counts.nextExpiry.getTime() - world.now().getTime())}`),
  );
  return {
    marked: story.plan?.marked ?? 0,
    expired: counts.expired,
    deleted: counts.deleted,
    accepted: counts.accepted,
    "still-deleting": counts.stillDeleting,
    blocked: counts.blocked,
    "came-back": counts.cameBack,
    failed: counts.failed,
    skipped: counts.skipped,
    kept: counts.kept,
    odd: counts.odd,
    fuse: story.plan?.fuse.kind ?? "holds",
    "next-expiry": counts.nextExpiry === undefined ? "" : renderExpiry(counts.nextExpiry),
    report: path,
  };
}
