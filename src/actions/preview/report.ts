import { readSweep } from "./read-sweep.ts";
import { reportDeployment } from "./report-deployment.ts";
import { reportTeardown } from "./report-teardown.ts";
import type { Command } from "./run.ts";
import { readTarget } from "./target.ts";

/** Tells how a deployment or a teardown went: on the run's page, and where there is one, on the pull request. */
export const report: Command = async (inputs, world) => {
  // What is wrong with the schedule is said before anything is told by it.
  readSweep(inputs.cleanupSchedule, world.now());
  const job = await world.readJob();
  const target = readTarget(inputs, job);
  return inputs.teardown === undefined
    ? reportDeployment(target, inputs, job, world)
    : reportTeardown(target, inputs, inputs.teardown, job, world);
};
