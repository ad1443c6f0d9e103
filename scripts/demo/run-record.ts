import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Job, type JobResult, type LogLine, runJob } from "../../test/runner/run-job.ts";
import type { Conversation } from "./conversation.ts";

/** A job that ran, and when each line of its log came. */
export interface JobRecord {
  readonly name: string;
  /** Its key in the workflow file, when it is a leg of a matrix. */
  readonly matrix?: string;
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
  /** What the run is called: a commit's first line, a pull request's title. The workflow's name where left out. */
  readonly title?: string;
  /** `owner/name`. */
  readonly repository: string;
  /** The file, relative to the repository. */
  readonly file: string;
  readonly number: number;
  readonly event: string;
  /** Who started it; nobody does where a schedule does. */
  readonly actor: string | undefined;
  readonly branch: string;
  /** Short, where the run is about one. */
  readonly commit?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly jobs: readonly JobRecord[];
  /** Names of jobs that did not run, since one that they need failed. */
  readonly skipped: readonly string[];
  /** Jobs that this machine cannot run, with what they lack; the demo gave their outputs. */
  readonly leftOut: readonly {
    readonly job: string;
    readonly tool: { readonly name: string; readonly bring: string };
  }[];
  readonly artifacts: readonly Artifact[];
  /** What a called workflow hands on; none where left out. */
  readonly outputs?: Readonly<Record<string, string>>;
  /** What it said on its pull request. */
  readonly conversation?: Conversation;
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
  const matrix = job.matrix === undefined ? undefined : job.github?.job;
  return {
    name: job.name ?? "job",
    ...(matrix === undefined ? {} : { matrix }),
    result,
    startedAt,
    timeOf: (line) => times.get(line) ?? startedAt,
  };
}

/** How a run of several jobs ended: the worst of them counts. */
export function concludeRun(jobs: readonly JobRecord[]): JobResult["conclusion"] {
  const all = jobs.map(({ result }) => result.conclusion);
  if (all.includes("failure")) return "failure";
  return all.includes("cancelled") ? "cancelled" : "success";
}

/** What the jobs of a run left, by the folder that their stand-ins copied it to. */
export function listArtifacts(folder: string): readonly Artifact[] {
  return readdirSync(folder).map((name) => {
    const files = readdirSync(join(folder, name), { recursive: true, encoding: "utf8" });
    const sizes = files.map((file) => statSync(join(folder, name, file))).filter((stat) => stat.isFile());
    return { name, bytes: sizes.reduce((sum, { size }) => sum + size, 0) };
  });
}
