import { checkTtlTags, isExpiryOnly } from "../../terraform/check-ttl-tags.ts";
import type { PlanFacts } from "../../terraform/plan-facts.ts";
import { parseExpiry } from "../../ttl/expiry.ts";
import { failure } from "./failure.ts";
import type { Session } from "./session.ts";

/**
 * What a plan may not do, all of it at once.
 *
 * @throws UserError `policy-denied`
 */
export function checkPolicies({ request, world }: Session, plan: PlanFacts, expiresAt: Date | undefined): void {
  const now = world.now();
  const { maxDestroy, maxTtl } = request;
  const latest = maxTtl === undefined ? undefined : new Date(Math.max(now.getTime() + maxTtl, expiresAt?.getTime() ?? 0));
  const problems = [
    ...(maxDestroy !== undefined && plan.counts.destroy > maxDestroy
      ? [
          `The plan destroys ${plan.counts.destroy} resources (${plan.counts.replace} of them to make them again), and max-destroy is ${maxDestroy}.\nTo do: look at the plan, then allow it once with max-destroy: ${plan.counts.destroy}.`,
        ]
      : []),
    ...(request.ttl === undefined ? [] : checkTtlTags(plan.groups, { now, latest, parseExpiry })),
  ];
  if (problems.length > 0) throw failure("policy-denied", `Nothing was done.\n${problems.join("\n")}`);
}

/** Whether a plan does anything; a changed end of life alone does not count. */
export function hasChanges(plan: PlanFacts): boolean {
  const telling = plan.changes.filter((change) => !["no-op", "read"].includes(change.kind) && !isExpiryOnly(change));
  const { move, import: imported, forget } = plan.counts;
  return telling.length + move + imported + forget > 0 || plan.outputs.some(({ kind }) => kind !== "no-op");
}
