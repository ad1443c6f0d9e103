import type { RunNote } from "../../terraform/run-note.ts";
import type { Session } from "./session.ts";

/** What tells one job from another; the legs of a matrix have one id, and a runner each. */
export type Claim = Pick<RunNote, "runId" | "attempt" | "job" | "host" | "runner">;

/** Whether two notes are of one job. */
export function isSame(one: Claim, other: Claim): boolean {
  return (["runId", "attempt", "job", "host", "runner"] as const).every((name) => one[name] === other[name]);
}

/** The note of this run. */
export function makeNote({ job, request, world }: Pick<Session, "job" | "request" | "world">): RunNote {
  return {
    repository: job.repository,
    repositoryId: job.repositoryId,
    runId: job.runId ?? 0,
    attempt: job.attempt,
    job: job.job,
    runnerEnvironment: job.runnerEnvironment,
    host: job.host,
    runner: job.runner,
    command: request.command,
    startedAt: world.now(),
  };
}
