import { pick, pickCount, pickText } from "../../image/payload.ts";
import { type Cause, decideCause } from "../../preview/cause.ts";
import type { JobFacts } from "../job-facts.ts";
import type { Inputs } from "./run.ts";

/** What a run is about, as its inputs and its event tell. */
export interface About {
  /** Undefined where it is about all of the repository's environments. */
  readonly pullRequest: number | undefined;
  readonly cause: Cause;
  /** The commit that the run is about; undefined where it is about the newest. */
  readonly headSha: string | undefined;
  /** The commit that the pull request was at before a push. */
  readonly before: string | undefined;
  /** When a person wished for what this run is about; undefined where it is wished for now, as by running it again. */
  readonly wishedAt: Date | undefined;
  /** Whether the job's own commit is the pull request's, so that nothing else need be checked out. */
  readonly ofPullRequest: boolean;
}

type AboutInputs = Pick<Inputs, "pullRequest" | "headSha" | "asked" | "onlyDestroy" | "label">;

/** Reads it from the event, which may be anything: what it does not tell is left open. */
export function readAbout(inputs: AboutInputs, job: JobFacts, event: unknown): About {
  const name = job.environment["GITHUB_EVENT_NAME"] ?? "";
  const told = pickCount(event, "pull_request", "number") ?? numberOfComment(event);
  const pullRequest = inputs.pullRequest ?? told ?? job.pullRequest;
  // Of another pull request than the event's, the event tells nothing.
  const own = told === pullRequest;
  const { asked, onlyDestroy, label } = inputs;
  const cause = decideCause({
    event: name,
    action: pickText(event, "action") ?? "",
    eventLabel: pickText(event, "label", "name"),
    attempt: job.attempt,
    asked,
    onlyDestroy,
    label,
  });
  const head = own ? readSha(pickText(event, "pull_request", "head", "sha")) : undefined;
  return {
    pullRequest,
    cause,
    headSha: inputs.headSha?.toLowerCase() ?? head,
    before: own ? readSha(pickText(event, "before")) : undefined,
    wishedAt: own && job.attempt === 1 ? readTime(event) : undefined,
    ofPullRequest: own && name === "pull_request",
  };
}

/** Of a comment on a pull request; one on an issue is about no pull request. */
function numberOfComment(event: unknown): number | undefined {
  return pick(event, "issue", "pull_request") === undefined ? undefined : pickCount(event, "issue", "number");
}

/** GitHub's clock, not this machine's: of two wishes the later one counts. */
function readTime(event: unknown): Date | undefined {
  const at = new Date(pickText(event, "comment", "created_at") ?? pickText(event, "pull_request", "updated_at") ?? "");
  return Number.isNaN(at.getTime()) ? undefined : at;
}

function readSha(text: string | undefined): string | undefined {
  return text !== undefined && /^[0-9a-f]{40,64}$/.test(text) && !/^0+$/.test(text) ? text : undefined;
}
