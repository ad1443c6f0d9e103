import type { BarrierLists } from "../../azure/barriers.ts";
import type { EnvironmentGroups } from "../../azure/environment-groups.ts";
import type { ResourceGroups } from "../../azure/resource-groups.ts";
import type { StateContainer } from "../../azure/state-container.ts";
import type { CheckRuns, Deployments, OwnComments, PullRequests, Reactions, Reruns } from "../../github/preview-api.ts";
import type { RepositoryRoles, StickyComments } from "../../github/repository-api.ts";
import type { RunJobs } from "../../github/run-jobs.ts";
import type { Log } from "../../kit/runner.ts";
import type { Namespaces } from "../../kubernetes/namespaces.ts";
import type { JobFacts } from "../job-facts.ts";

/** What is asked of GitHub. Methods throw a `UserError`. */
export interface GitHubWorld {
  readonly pulls: PullRequests;
  readonly ownComments: OwnComments;
  readonly comments: StickyComments;
  readonly reactions: Reactions;
  readonly checks: CheckRuns;
  readonly deployments: Deployments;
  readonly reruns: Reruns;
  readonly roles: RepositoryRoles;
  readonly jobs: RunJobs;
}

/** What is asked of Azure. Methods throw a `UserError` when they cannot see. */
export interface AzureWorld {
  readonly subscriptionId: string;
  readonly groups: EnvironmentGroups & ResourceGroups;
  readonly barriers: BarrierLists;
  /** How far ARM's clock is ahead of ours in milliseconds; undefined before ARM's first answer. */
  armSkewMs(): number | undefined;
  stateContainer(account: string, container: string): StateContainer;
}

/** What previews need of the world. Each command takes a part of it. */
export interface World {
  readonly github: GitHubWorld;
  /** Undefined where the job has no login, as for a fork. */
  readonly azure: AzureWorld | undefined;
  /** Namespaces of the shared cluster; undefined where none is named, or the job has no login. */
  readonly namespaces: Namespaces | undefined;
  readJob(): Promise<JobFacts>;
  /** The event that started the workflow, as GitHub wrote it down; undefined when there is none that can be read. */
  readEvent(): Promise<unknown>;
  now(): Date;
  /** Milliseconds of a clock that never jumps. */
  monotonic(): number;
  /** Returns early when the job is cancelled. */
  sleep(milliseconds: number): Promise<void>;
  readonly cancelled: AbortSignal;
  readonly log: Log;
  redact(text: string): string;
  summarize(markdown: string): Promise<void>;
  /** Text of a file that an earlier step names in its outputs; undefined where it is not there or too long to be one. */
  readFile(path: string, mostBytes: number): Promise<string | undefined>;
  /** Paths of the files in a folder that an earlier step names in its outputs, in their order; none where it is not there. */
  listFiles(folder: string): Promise<readonly string[]>;
  /** Writes preview.json, without any secret, and returns its path. */
  writePreview(json: string): Promise<string>;
}
