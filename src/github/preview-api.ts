import type { PullRequest } from "../preview/pull-request.ts";

/** Pull requests as they are now. Methods throw a `UserError` when GitHub refuses or is not reached. */
export interface PullRequests {
  /**
   * Undefined when there is no such pull request, or the number is an issue's; and where the token may not see the
   * repository, of which GitHub says the same.
   */
  find(repository: string, number: number): Promise<PullRequest | undefined>;
  /**
   * All that are open, every page. One that is closed while pages are read may hide another: look at a pull request
   * itself before anything is done because it is not there.
   */
  listOpen(repository: string): Promise<readonly PullRequest[]>;
}

/** What stands in a comment of ours, for whoever goes on from there. */
export interface OwnComment {
  readonly id: number | bigint;
  readonly body: string;
  readonly url: string;
}

export interface OwnComments {
  /** The comment of ours that begins with the marker, as `StickyComments` would choose it; undefined when there is none. */
  find(repository: string, issue: number, marker: string): Promise<OwnComment | undefined>;
}

/** https://docs.github.com/en/rest/reactions/reactions */
export type Reaction = "+1" | "-1" | "laugh" | "confused" | "heart" | "hooray" | "rocket" | "eyes";

export interface Reactions {
  /** Adds a reaction of ours to a comment; one that stands already stays one. */
  add(repository: string, commentId: number, reaction: Reaction): Promise<void>;
}

export interface CheckRun {
  readonly id: number;
  readonly name: string;
  readonly headSha: string;
  /** Undefined while it goes on. */
  readonly conclusion: string | undefined;
  readonly title: string;
  /** A text of ours that nobody else reads. */
  readonly externalId: string;
  readonly startedAt: Date | undefined;
}

export interface NewCheckRun {
  readonly name: string;
  readonly headSha: string;
  readonly conclusion: "neutral" | "success" | "failure" | "cancelled";
  readonly title: string;
  /** Markdown, at most 65,535 characters: cut by the adapter. */
  readonly summary: string;
  /** Left out: empty, whatever it was. */
  readonly externalId?: string;
  /** Of no use with a job's token: GitHub links to its own page then. What people should follow belongs to the summary. */
  readonly detailsUrl?: string;
}

/** Check runs of the app whose token this is (`checks: write`): jobs cannot end neutral, checks can. */
export interface CheckRuns {
  /** Brings the check of this name on the commit to this; makes it when there is none of ours. Returns its address. */
  write(repository: string, check: NewCheckRun): Promise<string>;
  /** The newest of this name on a commit. */
  find(repository: string, headSha: string, name: string): Promise<CheckRun | undefined>;
}

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly environment: string;
  /** Ours: `mayfly:pr-12`. */
  readonly task: string;
  readonly createdAt: Date;
}

export type DeploymentState = "in_progress" | "success" | "failure" | "error" | "inactive";

export interface DeploymentStatus {
  readonly state: DeploymentState;
  /** At most 140 characters: cut by the adapter. */
  readonly description: string;
  readonly environmentUrl?: string;
  readonly logUrl?: string;
}

/** Deployments (`deployments: write`). One static GitHub environment; ours are told apart by `task`. */
export interface Deployments {
  /** All of this task in the environment, newest first, every page. */
  list(repository: string, environment: string, task: string): Promise<readonly Deployment[]>;
  /** Without merging, without waiting for checks, transient, and without making others inactive. */
  create(
    repository: string,
    wanted: { readonly sha: string; readonly environment: string; readonly task: string; readonly payload: object },
  ): Promise<Deployment>;
  setStatus(repository: string, id: number, status: DeploymentStatus): Promise<void>;
  /** GitHub deletes only inactive ones: sets it inactive first. False when it was gone, or went meanwhile. */
  delete(repository: string, id: number): Promise<boolean>;
}

/** What became of the wish to run a run again. `too-old`: after 30 days, or for another reason, GitHub never will. */
export type RerunAnswer = "started" | "forbidden" | "too-old" | "gone" | "running";

export interface Reruns {
  /** Runs all jobs of a run again (`actions: write`). `forbidden` without that right: no error. */
  start(repository: string, runId: number): Promise<RerunAnswer>;
}
