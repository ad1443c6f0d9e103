import { expect } from "@jest/globals";
import type { ActJob, ActStep } from "./act-log.ts";
import type { ActRun } from "./run-act.ts";

/** What ran, by job: the names of steps in their order, posts with `post` before theirs, and any bad end after the name. */
export type Executed = Readonly<Record<string, readonly string[]>>;

/**
 * Jobs and steps of a run that were executed. act skips a job whose label it does not know, and ends well, so a test has
 * to compare the whole. `pre` is left out, since act runs one for every composite; so are the posts of composites.
 */
export function listExecuted({ jobs }: Pick<ActRun, "jobs">): Executed {
  return Object.fromEntries(jobs.map((job) => [nameOf(job), job.steps.flatMap(describeStep)]));
}

/** Expects that a run ended well, and that exactly these jobs and steps were executed. */
export function expectExecuted(run: ActRun, executed: Executed): void {
  const { exitCode, complaints, orphans } = run;
  try {
    expect({ executed: listExecuted(run), complaints, orphans, exitCode }).toEqual({
      executed,
      complaints: [],
      orphans: [],
      exitCode: 0,
    });
  } catch (error) {
    (error as Error).message += `\n\nThe end of what act said:\n${run.text.slice(-6000)}\n${run.stderr.slice(-2000)}`;
    throw error;
  }
}

const nameOf = ({ name, result }: ActJob): string => `${name}${badEnd(result)}`;

const badEnd = (result: ActJob["result"]): string => (result === "success" ? "" : ` (${result ?? "no end"})`);

function describeStep({ name, stage, result, composite }: ActStep): readonly string[] {
  if (result === "success" && (stage === "pre" || (stage === "post" && composite))) return [];
  return [`${stage === "main" ? "" : `${stage} `}${name}${badEnd(result)}`];
}
