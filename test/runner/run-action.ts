import type { Job, JobResult, Step, StepResult } from "./job.ts";
import { runJob } from "./run-job.ts";

/** One action of the repository, run as the only step of a job. */
export interface ActionRun extends Omit<Job, "steps" | "env"> {
  /** The folder below `actions/`. */
  readonly action: string;
  readonly with?: Step["with"];
  /** Variables of the job. */
  readonly env?: Job["env"];
}

/** A job's result with the stages of its one action at hand. */
export interface ActionResult extends JobResult {
  readonly pre: StepResult | undefined;
  readonly main: StepResult;
  readonly post: StepResult | undefined;
}

/** Runs `$/actions/<action>` as a job with one step, whose id is `action`. */
export async function runAction({ action, with: inputs, env, ...job }: ActionRun): Promise<ActionResult> {
  const step: Step = { id: "action", uses: `$/actions/${action}`, ...(inputs === undefined ? {} : { with: inputs }) };
  const result = await runJob({ ...job, ...(env === undefined ? {} : { env }), steps: [step] });
  const stage = (name: StepResult["stage"]): StepResult | undefined => result.steps.find((row) => row.stage === name);
  const main = stage("main");
  // Only a failed "Set up job" leaves no row; its error is the one annotation.
  if (main === undefined) throw new Error(`The job could not be set up: ${result.annotations[0]?.message}`);
  return { ...result, pre: stage("pre"), main, post: stage("post") };
}
