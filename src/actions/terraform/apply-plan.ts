import { type JsonOutcome, listRunOptions, runJson } from "./json-call.ts";
import type { Plan } from "./plan.ts";
import type { Session } from "./session.ts";

/** Lets terraform apply a plan's file, one of a destroy among them. What it came to is the caller's to judge. */
export async function applyPlanFile(session: Session, plan: Plan, phase: "apply" | "destroy"): Promise<JsonOutcome> {
  const { request, teller } = session;
  teller.tell({ status: "running" });
  const { add, change, destroy } = plan.facts.counts;
  const parameters = ["apply", ...listRunOptions(request), plan.path];
  return teller.phase(phase, () => runJson(session, { name: "apply", parameters, planned: add + change + destroy }));
}
