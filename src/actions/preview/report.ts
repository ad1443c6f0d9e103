import { UserError } from "../../kit/user-error.ts";
import { readSweep } from "./read-sweep.ts";
import { reportDeployment } from "./report-deployment.ts";
import { reportTeardown } from "./report-teardown.ts";
import type { Command, Inputs, Outcome } from "./run.ts";
import { readTarget } from "./target.ts";
import type { World } from "./world.ts";

/**
 * Tells how a deployment or a teardown went: on the run's page, and where there is one, on the pull request. With
 * `only-destroy` it looks before: what has to end is told by who destroys it.
 */
export const report: Command = async (inputs, world) => {
  // What is wrong with the schedule is said before anything is told by it.
  readSweep(inputs.cleanupSchedule, world.now());
  const job = await world.readJob();
  const target = readTarget(inputs, job);
  if (inputs.teardown !== undefined) return reportTeardown(target, inputs, inputs.teardown, job, world);
  const looked = inputs.onlyDestroy ? await lookOnceMore(inputs, world) : undefined;
  if (looked?.outputs?.decision === "destroy") return looked;
  const told = await reportDeployment(target, inputs, job, world);
  return { ...told, failure: told.failure ?? looked?.failure };
};

/** What hinders the look fails the step, and does not keep the report back. */
async function lookOnceMore(inputs: Inputs, world: World): Promise<Outcome> {
  const { gate } = await import("./gate.ts");
  try {
    // For whichever commit it was deployed: its pull request may be closed meanwhile.
    return await gate({ ...inputs, headSha: undefined }, world);
  } catch (failure) {
    if (failure instanceof UserError) return { outputs: {}, failure };
    throw failure;
  }
}
