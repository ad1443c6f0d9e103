import { codeOf } from "../../kit/error-chain.ts";
import { comparePlans } from "../../terraform/compare-plans.ts";
import type { OutputValue } from "../../terraform/stream-event.ts";
import { applyPlanFile } from "./apply-plan.ts";
import { fetchApproved, removePlan } from "./approved-plan.ts";
import { failure } from "./failure.ts";
import { explainJson } from "./json-call.ts";
import { keepLifetime, settleLifetime } from "./lifetime.ts";
import { digestPlan, makePlan, type Plan } from "./plan.ts";
import { checkPolicies } from "./policies.ts";
import { readOutputs } from "./read-outputs.ts";
import type { Session } from "./session.ts";
import { writeVariables } from "./variables.ts";

/** Extends the environment, plans or takes the approved plan, applies it, and returns the outputs. */
export async function apply(session: Session): Promise<Readonly<Record<string, OutputValue>>> {
  const expiresAt = await settleLifetime(session, true);
  const { plan, approved } = await choosePlan(session, expiresAt);
  checkPolicies(session, plan.facts, expiresAt);
  if (!plan.facts.applyable) {
    session.world.log.info("Nothing to change.");
    await keepLifetime(session, expiresAt);
    return readOutputs(session);
  }
  const { diagnostics } = session.teller.story();
  const outputs = await applyPlan(session, plan).catch(async (error: unknown) => {
    if (codeOf(error) !== "plan-stale" || approved === undefined) throw error;
    const fresh = await planAgain(session, approved, expiresAt);
    // What is mended by now is no error of this run.
    session.teller.tell({ diagnostics });
    return applyPlan(session, fresh);
  });
  await keepLifetime(session, expiresAt);
  await removePlan(session);
  return outputs;
}

interface Chosen {
  readonly plan: Plan;
  /** The plan that was approved, where another one that does the same will do. */
  readonly approved: Plan | undefined;
}

async function choosePlan(session: Session, expiresAt: Date | undefined): Promise<Chosen> {
  const { planDigest, approve } = session.request;
  if (planDigest === undefined) {
    const plan = await makePlan(session, await writeVariables(session, expiresAt), { destroy: false });
    digestPlan(session, plan);
    return { plan, approved: undefined };
  }
  const { plan, fits } = await fetchApproved(session, planDigest);
  if (!fits) return { plan: await planAgain(session, plan, expiresAt, listUnseen), approved: undefined };
  return { plan, approved: approve === "equivalent" ? plan : undefined };
}

/** A new plan in the place of one that is stale. @throws UserError `plan-mismatch` when it would do something else */
async function planAgain(
  session: Session,
  approved: Plan,
  expiresAt: Date | undefined,
  findDoubts: (approved: Plan, fresh: Plan) => readonly string[] = () => [],
): Promise<Plan> {
  const plan = await makePlan(session, await writeVariables(session, expiresAt), { destroy: false });
  const compared = comparePlans(approved.facts, plan.facts);
  if (!compared.same) {
    const text = `The approved plan does not fit any more, and a new one would do something else. Nothing was done.\nSince it was approved:\n${compared.differences.join("\n")}\nTo do: approve the new plan (command: plan).`;
    throw failure("plan-mismatch", text);
  }
  const doubts = findDoubts(approved, plan);
  if (doubts.length > 0) {
    const text = `The approved plan was made for another commit, other variables or other providers. The new one looks the same, but these parts no plan shows. Nothing was done.\n${doubts.join("\n")}`;
    throw failure("plan-mismatch", `${text}\nTo do: approve the new plan (command: plan).`);
  }
  checkPolicies(session, plan.facts, expiresAt);
  session.teller.note("The approved plan did not fit any more; a new one that does the same takes its place.");
  return plan;
}

const MOST_UNSEEN = 10;

/** What two plans need not have in common though they look alike. */
function listUnseen(approved: Plan, fresh: Plan): readonly string[] {
  const unseen = [...new Set([...approved.facts.unseen, ...fresh.facts.unseen])];
  const left = unseen.length - MOST_UNSEEN;
  return left <= 0 ? unseen : [...unseen.slice(0, MOST_UNSEEN), `… and ${left} more`];
}

/**
 * Applies a plan's file. Returns the outputs: terraform tells them last, unless there are none.
 *
 * @throws UserError `apply-failed`, `plan-stale`, `state-not-persisted`, `state-locked`, …
 */
export async function applyPlan(session: Session, plan: Plan): Promise<Readonly<Record<string, OutputValue>>> {
  const done = await applyPlanFile(session, plan, "apply");
  if (done.exitCode !== 0) throw explainJson("apply", done, session.world);
  return done.facts.outputs ?? {};
}
