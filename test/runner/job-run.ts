import { randomUUID } from "node:crypto";
import type { Contexts, StatusFunctions } from "./expressions.ts";
import type { Folders } from "./folders.ts";
import type { GithubContext } from "./github-context.ts";
import type { Conclusion, Job, Stage, Status, Step, StepResult } from "./job.ts";
import type { ProblemMatchers } from "./problem-matchers.ts";
import type { SecretMasker } from "./secret-masker.ts";
import type { JobLogWriter, StageRecord } from "./stage-record.ts";
import type { StepInstance } from "./step-instance.ts";

/** A step's entry in the steps context. */
export interface StepContext {
  readonly outputs: Record<string, string>;
  conclusion?: Conclusion;
  outcome?: Conclusion;
}
/** The steps context of a job or of one composite. */
export type StepsScope = Record<string, StepContext>;

/** All that changes while a job runs. */
export interface JobRun {
  readonly job: Job;
  readonly folders: Folders;
  readonly github: GithubContext & Readonly<Record<string, unknown>>;
  readonly masker: SecretMasker;
  readonly matchers: ProblemMatchers;
  readonly writer: JobLogWriter;
  /** Variables of the job: its `env`, then what steps add. */
  readonly env: Map<string, string>;
  /** What steps put in front of PATH, latest last. */
  readonly path: string[];
  readonly steps: StepsScope;
  readonly results: StepResult[];
  /** Posts to run, the latest last. */
  readonly posts: Array<() => Promise<void>>;
  /** Marks the processes of this job (RUNNER_TRACKING_ID). */
  readonly trackingId: string;
  /** Aborted when the job is cancelled. */
  readonly cancelled: AbortController;
  /** Aborted when even steps that would go on must end. */
  readonly killed: AbortController;
  /** What the caller's own callbacks threw. */
  readonly faults: unknown[];
  status: Status;
}

/** One step in one stage, of the job or of a composite: what the runner calls an execution context. */
export interface Frame {
  readonly run: JobRun;
  readonly record: StageRecord;
  readonly instance: StepInstance;
  readonly step: Step;
  readonly stage: Stage;
  readonly scope: StepsScope;
  /** Inputs of the composite around; undefined in the job itself, where the job's inputs count. */
  readonly inputs: Readonly<Record<string, unknown>> | undefined;
  /** Keys of the github context that differ here: action, action_path, the command files. */
  readonly github: Record<string, unknown>;
  /** The composite around, whose status `success()` asks; undefined in the job itself. */
  readonly parent: CompositeStatus | undefined;
  /** Variables of the steps around and of this step: they win over the job's. */
  readonly overrides: Map<string, string>;
  /** Aborted when this step must end: a cancel that its `if` does not survive, or its timeout. */
  readonly cancel: AbortController;
  readonly outputs: Record<string, string>;
  /** A command or a command file failed the step, whatever its exit code. */
  commandFailed: boolean;
}

/** The status of a composite while its steps run. */
export interface CompositeStatus {
  status: Status;
}

/** A step ended by a signal because of a cancel or a timeout. */
export class StepCancelled extends Error {}

/** A fresh identity for the job's processes, in the runner's own form. */
export const createTrackingId = (): string => `github_${randomUUID()}`;

/** The variables that expressions see as `env`, and that processes get. */
export function envOf(frame: Frame): Record<string, string> {
  return { ...Object.fromEntries(frame.run.env), ...Object.fromEntries(frame.overrides) };
}

/** The contexts of a step's own fields: with, env, name, if, run. */
export function stepContexts(frame: Frame): Contexts {
  const { run } = frame;
  const inside = frame.parent !== undefined;
  return {
    ...sharedContexts(run, frame.github),
    env: envOf(frame),
    steps: frame.scope,
    inputs: frame.inputs ?? run.job.inputs ?? {},
    // A composite has neither secrets, nor vars, nor needs.
    ...(inside ? {} : { vars: run.job.vars ?? {}, secrets: secretsOf(run), needs: run.job.needs ?? {} }),
  };
}

/** The contexts that a default in action.yml may name. */
export function defaultContexts(frame: Frame): Contexts {
  return sharedContexts(frame.run, frame.github);
}

/** `secrets`, with the token that every job has. */
export function secretsOf(run: JobRun): Readonly<Record<string, string>> {
  return { GITHUB_TOKEN: run.github.token, ...run.job.secrets };
}

/** github, strategy, matrix, job and runner. */
export function sharedContexts(run: JobRun, github: Readonly<Record<string, unknown>> = {}): Contexts {
  const workflow = workflowOf(run);
  return {
    github: { ...run.github, ...github },
    strategy: { "fail-fast": true, "job-index": 0, "job-total": 1, "max-parallel": 1, ...run.job.strategy },
    matrix: run.job.matrix ?? {},
    job: {
      status: run.status,
      workflow_ref: workflow.ref,
      workflow_sha: workflow.sha,
      workflow_repository: workflow.repository,
      workflow_file_path: workflow.path,
    },
    runner: runnerContext(run),
  };
}

/** The workflow file that holds the job: for a called workflow not the run's own. */
export function workflowOf(run: JobRun): { ref: string; sha: string; repository: string; path: string } {
  const ref = run.job.workflowRef ?? run.github.workflow_ref;
  const [place = ""] = ref.split("@");
  const [owner, name, ...path] = place.split("/");
  return { ref, sha: run.github.workflow_sha, repository: `${owner}/${name}`, path: path.join("/") };
}

/** The runner context; its keys in upper case are the RUNNER_* variables. */
export function runnerContext(run: JobRun): Readonly<Record<string, string>> {
  const { folders, job } = run;
  return {
    os: process.platform === "darwin" ? "macOS" : "Linux",
    arch: process.arch === "arm64" ? "ARM64" : "X64",
    name: "GitHub Actions 1",
    temp: folders.temp,
    tool_cache: folders.toolCache,
    workspace: folders.runnerWorkspace,
    environment: "github-hosted",
    ...(job.debug === true ? { debug: "1" } : {}),
  };
}

/** The status functions where the frame stands: inside a composite's main stage they ask the composite. */
export function statusFunctions(frame: Frame): StatusFunctions {
  const own = frame.parent !== undefined && frame.stage === "main" ? frame.parent.status : frame.run.status;
  return {
    success: own === "success",
    failure: own === "failure",
    cancelled: frame.run.status === "cancelled",
  };
}
