import type { GithubContext } from "./github-context.ts";

/** One step of a job, with the words of a workflow file in camelCase. Texts may hold `${{ }}`. */
export interface Step {
  readonly id?: string;
  readonly name?: string;
  /** `$/actions/x` (repository root), `./x` (workspace) or `owner/repo@ref` (only when replaced or built in). */
  readonly uses?: string;
  readonly run?: string;
  /** `bash`, `sh` or any command with `{0}`; the default is bash without pipefail, as on GitHub. */
  readonly shell?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly env?: Readonly<Record<string, string | number | boolean>>;
  readonly if?: string | boolean;
  readonly continueOnError?: boolean | string;
  /** Minutes; a test may pass a fraction, which GitHub does not take. */
  readonly timeoutMinutes?: number | string;
  readonly workingDirectory?: string;
}

/** How long the runner waits between its signals, in milliseconds. */
export interface SignalTimes {
  /** From SIGINT to SIGTERM; 7500 on GitHub. */
  readonly interruptMs?: number;
  /** From SIGTERM to SIGKILL; 2500 on GitHub. */
  readonly terminateMs?: number;
  /** From the end of a process until open pipes of its children are given up; 5000 on GitHub. */
  readonly streamsMs?: number;
}

/** When the job is cancelled, as if somebody pressed the button. */
export interface CancelPlan {
  /** Asked after every line of the log; true cancels. What it throws, `runJob` throws. */
  readonly when?: (log: JobLog) => boolean;
  /** Cancels so many milliseconds after the job started. */
  readonly afterMs?: number;
  /** Cancels when the caller aborts. */
  readonly signal?: AbortSignal;
  readonly signals?: SignalTimes;
  /** From the cancel until steps that would go on (`if: always()`) are ended too; 285,000 on GitHub. */
  readonly killAfterMs?: number;
}

/** A job to run. Only `repositoryRoot` and `steps` are needed. */
export interface Job {
  /** The folder with `actions/` and `dist/`, the committed tree that `$/` refers to. */
  readonly repositoryRoot: string;
  readonly steps: readonly Step[];
  readonly name?: string;
  readonly env?: Readonly<Record<string, string | number | boolean>>;
  /** Variables of the machine below the job (PATH, proxy): inherited, never printed, not in the `env` context. */
  readonly machineEnv?: Readonly<Record<string, string>>;
  readonly defaults?: { readonly shell?: string; readonly workingDirectory?: string };
  /** Output name to template, as in `jobs.<id>.outputs`. */
  readonly outputs?: Readonly<Record<string, string>>;
  readonly permissions?: Readonly<Record<string, string>>;
  /** Handed to steps only when `permissions` holds `id-token: write`. */
  readonly idToken?: { readonly requestUrl: string; readonly requestToken: string };
  /** ACTIONS_RUNTIME_URL, ACTIONS_RUNTIME_TOKEN and their kin, for JavaScript actions only. */
  readonly runtime?: Readonly<Record<string, string>>;
  readonly github?: Partial<GithubContext>;
  /** `owner/repo/path@ref` of the workflow file that holds the job, when it is not the run's (`github.workflow_ref`). */
  readonly workflowRef?: string;
  readonly vars?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly needs?: Readonly<Record<string, unknown>>;
  readonly matrix?: Readonly<Record<string, unknown>>;
  /** The environment that the job names: nobody protects it here, and `idToken` must be one of it. */
  readonly environment?: string;
  /** The concurrency group that the job would wait in: nobody waits here. */
  readonly concurrency?: string;
  readonly strategy?: Readonly<Record<string, unknown>>;
  readonly timeoutMinutes?: number;
  readonly cancel?: CancelPlan;
  /** GITHUB_WORKSPACE; without it an empty folder that is gone when the job ends. */
  readonly workspace?: string;
  /** What a stood-in `actions/checkout` brings of the run's repository, with its `.git`; `repositoryRoot` without it. */
  readonly checkout?: string;
  /** Where stood-in `actions/upload-artifact` copies to, and `actions/download-artifact` from: `<folder>/<name>/…`. */
  readonly artifacts?: string;
  /** `owner/repo@ref`, or `owner/repo` for any ref, to the local folder that holds its action.yml. */
  readonly replace?: Readonly<Record<string, string>>;
  /** Further folders of `repositoryRoot` that the copy for `$/` needs, besides `actions` and `dist`. */
  readonly alsoCommitted?: readonly string[];
  /** The node binary that runs JavaScript actions; default `process.execPath`. */
  readonly node?: string;
  /** Arguments of node before the script, such as `--disallow-code-generation-from-strings`. */
  readonly nodeArguments?: readonly string[];
  /** Breaks the command files: `missing` deletes them, `unwritable` puts folders in their places. */
  readonly commandFiles?: "normal" | "missing" | "unwritable";
  /** Stages of JavaScript actions whose process is left out and counts as a success, to see the others alone. */
  readonly omitStages?: readonly Stage[];
  /** Runs every post stage a second time, with the same state, to see that it can be. */
  readonly repeatPosts?: boolean;
  /** Step debug logging: sets RUNNER_DEBUG=1. */
  readonly debug?: boolean;
  readonly onLine?: (line: LogLine) => void;
  /** Called when a process of a step is over. */
  readonly onProcess?: (process: ProcessTime) => void;
  /** Called with RUNNER_TEMP when every post stage is over, before that is emptied; not where the job was killed. */
  readonly onEnd?: (temp: string) => void;
}

/** When a step's process ran, in milliseconds since 1970. */
export interface ProcessTime {
  readonly step: string;
  readonly stage: Stage;
  readonly from: number;
  readonly to: number;
}

export type Stage = "pre" | "main" | "post";
export type Status = "success" | "failure" | "cancelled";
export type Conclusion = Status | "skipped";
export type LineKind = "plain" | "group" | "endgroup" | "error" | "warning" | "notice" | "debug" | "command";

/** A line of the log after masking. `debug` lines are always kept; GitHub shows them only with debug logging. */
export interface LogLine {
  readonly kind: LineKind;
  /** Without its `##[kind]` marker; an issue with line breaks stays one line. */
  readonly text: string;
  /** The step's id, or "" for lines of the job itself. */
  readonly step: string;
  readonly stage: Stage | "job";
  /** True when masking changed the text, so something secret was printed. */
  readonly masked: boolean;
}

/** What `cancel.when` looks at. */
export interface JobLog {
  readonly lines: readonly LogLine[];
  /** The line just written. */
  readonly last: LogLine;
  /** Whether any line so far holds the text. */
  includes(text: string): boolean;
}

export interface Annotation {
  readonly level: "error" | "warning" | "notice";
  readonly message: string;
  readonly step: string;
  readonly stage: Stage | "job";
  readonly title?: string;
  readonly file?: string;
  readonly line?: string;
  readonly endLine?: string;
  readonly col?: string;
  readonly endColumn?: string;
}

/** One row of the job's page: a stage of a step of the job (steps inside composites are part of their row). */
export interface StepResult {
  readonly id: string;
  readonly name: string;
  readonly stage: Stage;
  /** After continue-on-error. */
  readonly conclusion: Conclusion;
  /** Before continue-on-error. */
  readonly outcome: Conclusion;
  /** Of the stage's process (the last one in a composite); undefined when none ran. */
  readonly exitCode: number | undefined;
  readonly signal?: NodeJS.Signals;
  /** Signals that the runner sent to the stage's process, in order. */
  readonly signalsSent: readonly NodeJS.Signals[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly log: readonly LogLine[];
  readonly annotations: readonly Annotation[];
  readonly summary: string;
  readonly state: Readonly<Record<string, string>>;
  readonly durationMs: number;
}

export interface JobResult {
  readonly conclusion: Status;
  readonly steps: readonly StepResult[];
  readonly outputs: Readonly<Record<string, string>>;
  /** Names of job outputs withheld because their value holds something masked. */
  readonly droppedOutputs: readonly string[];
  readonly log: readonly LogLine[];
  readonly annotations: readonly Annotation[];
  readonly summary: string;
  /** The job's variables at its end: `env` of the job and what steps wrote to GITHUB_ENV. */
  readonly env: Readonly<Record<string, string>>;
  /** What steps put in front of PATH, first entry first. */
  readonly path: readonly string[];
  /** Command lines of processes that outlived their step and were killed at the end. */
  readonly orphans: readonly string[];
  readonly durationMs: number;
}
