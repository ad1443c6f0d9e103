import type { InputsOf, Run } from "../../kit/define-action.ts";
import { UserError } from "../../kit/user-error.ts";
import type { Policy } from "../../ttl/fate.ts";
import { findFailure, findStop, findUnreadable } from "./failures.ts";
import { foldJournal, type JournalEvent } from "./journal.ts";
import type { Outcome } from "./outcome.ts";
import { makePlan } from "./plan.ts";
import { printPlan } from "./print-plan.ts";
import { publish } from "./publish.ts";
import { reap } from "./reap.ts";
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
  const plan = await makePlan([...inputs.subscriptionIds, ...inputs.clusters], policy, inputs, world);
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
  return { outputs: await publish(foldJournal(events), world), failure: plan.dryRun ? findUnreadable(plan) : failure };
};

function readPolicyOrEnd(inputs: Inputs, world: World): Policy {
  try {
    return readPolicy(inputs);
  } catch (error) {
    // Nothing has begun: post has no run to tell of.
    world.markReported();
    throw error;
  }
}

function readPolicy(inputs: Inputs): Policy {
  const { namePrefix, allNames } = inputs;
  if (inputs.subscriptionIds.length + inputs.clusters.length === 0) {
    throw new UserError(
      "bad-input",
      "subscription-ids, clusters: expected at least one of them, neither was given. Say where to look: subscription-ids: <guid>, or run azure-login before with its subscription-id",
    );
  }
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

function explainEnd(failure: UserError | undefined, world: World, inputs: Inputs): string {
  if (world.cancelled.aborted)
    return "The job was cancelled: no new delete was begun after that. ARM finishes what it accepted.";
  if (failure?.code === "clock-skew" || failure?.code.startsWith("arm-")) return failure.message;
  return inputs.wait === "accept" && !inputs.dryRun ? "Nobody waited for the deletes to end (wait: accept)." : "";
}
