import { UserError } from "../../kit/user-error.ts";
import { environmentOf } from "../../preview/pull-request.ts";
import type { JobFacts } from "../job-facts.ts";
import type { Inputs } from "./run.ts";

/** The environment that a command is about. */
export interface Target {
  readonly environment: string;
  /** Undefined for an environment that is no pull request's. */
  readonly pullRequest: number | undefined;
}

/**
 * The environment as the inputs name it, else the event's pull request.
 *
 * @throws UserError `bad-input`
 */
export function readTarget(inputs: Pick<Inputs, "environment" | "pullRequest">, job: JobFacts): Target {
  const { environment } = inputs;
  // Whoever names an environment names its pull request, too, where it has one.
  if (environment !== undefined) return { environment, pullRequest: inputs.pullRequest };
  const pullRequest = inputs.pullRequest ?? job.pullRequest;
  if (pullRequest !== undefined) return { environment: environmentOf(pullRequest), pullRequest };
  const text = `pull-request, environment: expected one of them, since this event is about no pull request; got nothing. Give pull-request: \${{ github.event.issue.number }}, or environment: with its name`;
  throw new UserError("bad-input", text);
}

/** Where the run's server is, such as `https://github.com`. */
export function serverOf({ environment }: JobFacts): string {
  return environment["GITHUB_SERVER_URL"] ?? "https://github.com";
}
