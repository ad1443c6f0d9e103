import type { EnvironmentGroups } from "../../azure/environment-groups.ts";
import type { ResourceGroups } from "../../azure/resource-groups.ts";
import type { StateContainer } from "../../azure/state-container.ts";
import type { StickyComments, WorkflowRuns } from "../../github/repository-api.ts";
import type { Log } from "../../kit/runner.ts";
import type { JobFacts } from "../job-facts.ts";
import type { RunRecord } from "./record.ts";

/** What a call of terraform came to. */
export interface ToolOutcome {
  /** Undefined when a signal ended it, or when the job was cancelled before it began. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ToolCall {
  /** Names its log: `plan`, `apply`. */
  readonly name: string;
  readonly parameters: readonly string[];
  /** Each line of stdout as soon as it is whole. */
  onLine?(line: string): void;
}

/** terraform or tofu. It lives on when this process is killed; post waits for it then. */
export interface TerraformTool {
  readonly product: "terraform" | "tofu";
  run(call: ToolCall): Promise<ToolOutcome>;
}

/** Stands between terraform and GitHub's ID tokens while terraform runs. */
export interface TokenRelay {
  /** Variables for terraform. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends it; a sentence on what it did. */
  stop(): Promise<string>;
}

export interface Files {
  /** The files of a root module, by name; undefined when there is no such folder. */
  readConfiguration(folder: string): Promise<readonly { readonly name: string; readonly text: string }[] | undefined>;
  /** Undefined when there is no such file. */
  read(path: string): Promise<Buffer | undefined>;
  /** Writes a file that only this user can read, in the job's scratch folder. Returns its path. */
  writeSecret(name: string, content: string | Buffer): Promise<string>;
  /** Where such a file is, or will be. */
  pathOf(name: string): string;
  /** Removes a file, if it is there. */
  remove(path: string): Promise<void>;
}

/** What the action asks of Azure, where the job has an identity there. */
export interface AzureWorld {
  /** @throws UserError `id-token-permission`, `id-token-fork`, … where the job may not ask GitHub for ID tokens */
  requireIdToken(): Promise<void>;
  readonly subscriptionId: string | undefined;
  readonly groups: EnvironmentGroups & Pick<ResourceGroups, "find">;
  stateContainer(account: string, container: string): StateContainer;
}

/** What the action asks of GitHub, where it was given a token. */
export interface GitHubWorld {
  readonly runs: WorkflowRuns;
  readonly comments: StickyComments;
}

/** What the action needs of the world. */
export interface World {
  readonly log: Pick<Log, "info" | "notice" | "warning" | "error" | "group">;
  readonly cancelled: AbortSignal;
  now(): Date;
  /** Milliseconds of a clock that never jumps. */
  monotonic(): number;
  sleep(milliseconds: number): Promise<void>;
  mask(secret: string): void;
  redact(text: string): string;
  summarize(markdown: string): Promise<void>;
  readJob(): Promise<JobFacts>;
  readonly files: Files;
  /** @throws UserError `tool-missing` */
  openTool(
    which: "auto" | "terraform" | "tofu",
    options: { readonly folder: string; readonly environment: Readonly<Record<string, string | undefined>> },
  ): Promise<TerraformTool>;
  /** Undefined where the job may not ask for ID tokens, or it cannot be started: then terraform asks GitHub itself. */
  startRelay(): Promise<TokenRelay | undefined>;
  /** Where terraform keeps what belongs to this root module and environment for the rest of the job. */
  dataFolder(key: string): string;
  /** Writes down where the run is, so that post can take over whenever this process is killed. */
  record(record: RunRecord): void;
  /** Undefined where the job has no identity in Azure. */
  readonly azure: AzureWorld | undefined;
  /** Undefined without a token. */
  readonly github: GitHubWorld | undefined;
}
