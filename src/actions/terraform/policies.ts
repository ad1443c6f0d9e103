import { checkTtlTags } from "../../terraform/check-ttl-tags.ts";
import type { PlanFacts } from "../../terraform/plan-facts.ts";
import { parseExpiry } from "../../ttl/expiry.ts";
import { count } from "../render-text.ts";
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
  const latest =
    maxTtl === undefined ? undefined : new Date(Math.max(now.getTime() + maxTtl, expiresAt?.getTime() ?? 0));
  const again = plan.counts.replace === 0 ? "" : `, ${plan.counts.replace} of them to make again`;
  const problems = [
    ...(maxDestroy !== undefined && plan.counts.destroy > maxDestroy
      ? [
          `The plan destroys ${count(plan.counts.destroy, "resource")}${again}, and max-destroy is ${maxDestroy}.\nTo do: look at the plan, then allow it once with max-destroy: ${plan.counts.destroy}.`,
        ]
      : []),
    ...(expiresAt === undefined
      ? []
      : checkTtlTags(plan.groups, { now, expiresAt, latest, parseExpiry }).map(({ message }) => message)),
  ];
  if (problems.length > 0) throw failure("policy-denied", `Nothing was done.\n${problems.join("\n")}`);
}
