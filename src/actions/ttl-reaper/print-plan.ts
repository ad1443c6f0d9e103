import { renderExpiry } from "../../ttl/expiry.ts";
import { isCluster, parseNamespaceId, titleOf } from "../../ttl/namespace-group.ts";
import { nameKinds } from "./kinds.ts";
import { renderTagLine } from "./mend-lines.ts";
import type { Plan, PlanEntry } from "./plan.ts";
import type { World } from "./world.ts";

/** Prints a plan as a folded group, and warns of what somebody should mend. */
export async function printPlan(plan: Plan, { log }: Pick<World, "log">): Promise<void> {
  const groups = plan.subscriptions.reduce((sum, one) => sum + one.groups, 0);
  const expired = plan.entries.filter(({ fate }) => fate.kind === "expired").length;
  await log.group(`Plan: ${groups} ${nameKinds(plan)} seen, ${plan.marked} marked, ${expired} expired`, async () => {
    for (const entry of plan.entries) log.info(renderLine(entry));
  });
  for (const entry of plan.entries) {
    if (entry.fate.kind !== "keep" || entry.fate.reason !== "odd") continue;
    log.warning(`${titleOf(entry.id)}: ${entry.fate.because}.\nMend it: ${renderTagLine(entry)}`, {
      title: parseNamespaceId(entry.id) === undefined ? "Odd tags" : "Odd labels or annotations",
    });
  }
  for (const { id, asleep } of plan.subscriptions) {
    if (asleep !== undefined)
      log.warning(`${asleep}\nIts namespaces wait until then.`, { title: `Not swept: ${titleOf(id)}` });
  }
  for (const { id, groups: count, unreadable } of plan.subscriptions) {
    if (count > 0 || unreadable !== undefined || isCluster(id)) continue;
    log.warning(`Subscription ${id} shows no resource group at all. Has the identity a role in it?`, {
      title: "Empty subscription",
    });
  }
  if (plan.dryRun && plan.fuse.kind === "tripped") {
    log.warning(`The fuse would trip: ${plan.fuse.because}.`, { title: "Fuse" });
  }
}

function renderLine({ id, fate }: PlanEntry): string {
  const name = titleOf(id);
  const when = fate.expiresAt === undefined ? "" : ` (${renderExpiry(fate.expiresAt)})`;
  return fate.kind === "keep" ? `${fate.reason}: ${name}${when}: ${fate.because}` : `${fate.kind}: ${name}${when}`;
}
