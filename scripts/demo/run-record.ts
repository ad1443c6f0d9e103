import { type Job, type JobResult, type LogLine, runJob } from "../../test/runner/run-job.ts";

/** A job that ran, and when each line of its log came. */
export interface JobRecord {
  readonly name: string;
  readonly result: JobResult;
  readonly startedAt: Date;
  /** When the harness read the line. */
  timeOf(line: LogLine): Date;
}

/** A file that a job left, as GitHub lists it below "Artifacts". */
export interface Artifact {
  readonly name: string;
  readonly bytes: number;
}

/** A workflow run, with what its page on GitHub shows. */
export interface RunRecord {
  readonly workflow: string;
  /** The file, relative to the repository. */
  readonly file: string;
  readonly number: number;
  readonly event: string;
  /** Who started it, for a run by hand. */
  readonly actor: string | undefined;
  readonly branch: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly jobs: readonly JobRecord[];
  /** Jobs that this machine cannot run, with what they lack; the demo gave their outputs. */
  readonly leftOut: readonly {
    readonly job: string;
    readonly tool: { readonly name: string; readonly bring: string };
  }[];
  readonly artifacts: readonly Artifact[];
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly conclusion: JobResult["conclusion"];
}

/** Runs a job and notes when each of its lines came. `watch` gets them while they come. */
export async function recordJob(job: Job, watch: (line: LogLine) => void): Promise<JobRecord> {
  const startedAt = new Date();
  const times = new Map<LogLine, Date>();
  const onLine = (line: LogLine): void => {
    times.set(line, new Date());
    watch(line);
  };
  const result = await runJob({ ...job, onLine });
  return { name: job.name ?? "job", result, startedAt, timeOf: (line) => times.get(line) ?? startedAt };
}

/** How a run of several jobs ended: the worst of them counts. */
export function concludeRun(jobs: readonly JobRecord[]): JobResult["conclusion"] {
  const all = jobs.map(({ result }) => result.conclusion);
  if (all.includes("failure")) return "failure";
  return all.includes("cancelled") ? "cancelled" : "success";
}
