import type { RepositoryPlan } from "./plan.ts";
import { countPlanned, type Fuse } from "./story.ts";
import type { World } from "./world.ts";

/** Prints what was seen as a folded group, and warns of what somebody should look at. */
export async function printPlan(
  plans: readonly RepositoryPlan[],
  fuse: Fuse,
  { dryRun }: { readonly dryRun: boolean },
  { log }: Pick<World, "log">,
): Promise<void> {
  await log.group(`Plan: ${countPlanned(plans)} tags and manifests to remove`, async () => {
    for (const plan of plans) {
      if (plan.state !== "seen")
        log.info(`${plan.name}: ${plan.state === "missing" ? "does not exist" : "unreadable"}`);
      for (const { name, digest } of plan.tags) log.info(`remove: ${plan.name}:${name} (${digest})`);
      for (const { digest } of plan.manifests) log.info(`delete: ${plan.name}@${digest}`);
      for (const { name, because } of plan.stays) log.info(`keep: ${plan.name} ${name}: ${because}`);
    }
  });
  if (dryRun && fuse.kind === "tripped") log.warning(`The fuse would trip: ${fuse.because}.`, { title: "Fuse" });
}
