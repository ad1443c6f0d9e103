import { describeJob } from "./describe-job.ts";
import { type Contexts, interpolate } from "./expressions.ts";
import type { Job } from "./job.ts";
import { asMap, asScalars, parseSteps, type YamlMap } from "./yaml-step.ts";

/** Which job of which workflow file to run, and in which circumstances. */
export interface JobSource
  extends Omit<
    Job,
    "steps" | "name" | "env" | "outputs" | "defaults" | "matrix" | "strategy" | "environment" | "concurrency"
  > {
  /** Path of the workflow file. */
  readonly workflow: string;
  /** The job's key. */
  readonly jobId: string;
  /** The event under `on:`; without it `github.event_name`, or `workflow_call` where the file has it. */
  readonly trigger?: string;
  /** Results and outputs of the jobs in `needs:`, e.g. `{ plan: { result: "success", outputs: { … } } }`. */
  readonly needs?: Readonly<
    Record<string, { readonly result: string; readonly outputs?: Readonly<Record<string, string>> }>
  >;
  /** Results of all jobs before this one, of those behind `needs` as well: `success()` asks them all. */
  readonly ancestors?: readonly string[];
  /** What the caller of the workflow grants; asking for more fails. Without it the file's own permissions count. */
  readonly permissions?: Readonly<Record<string, string>>;
  /** Where files lie whose workflows are called: `{ "octo/flows": "/…/flows" }`, for any ref of it. */
  readonly calls?: Readonly<Record<string, string>>;
}

/** Keys of a job that change nothing here: nobody waits, queues or protects. */
const ignored = new Set(["runs-on", "concurrency", "continue-on-error"]);
const known = new Set([
  ..."name needs if permissions env defaults environment outputs steps strategy timeout-minutes".split(" "),
  ...ignored,
]);

/**
 * The one leg of a job of a workflow file, ready for `runJob`. Throws when the job's `if` or matrix leaves another
 * number of legs; then `loadJobs` is the function.
 */
export function loadJob(source: JobSource): Job {
  const [job, ...others] = loadJobs(source);
  if (job === undefined) throw new Error(`${source.jobId}: skipped by its "if", or its matrix is empty`);
  if (others.length > 0) throw new Error(`${source.jobId}: the matrix has ${others.length + 1} legs; use loadJobs`);
  return job;
}

/** The legs of a job of a workflow file, in the matrix's order; none when its `if` is false. */
export function loadJobs(source: JobSource): readonly Job[] {
  const {
    workflow: path,
    jobId,
    trigger: _,
    needs,
    ancestors: _before,
    permissions: _have,
    calls: _calls,
    ...rest
  } = source;
  const { workflow, job, github, workflowRef, inputs, granted, legs } = describeJob(source);
  for (const key of Object.keys(job)) {
    if (!known.has(key)) throw new Error(`${path}: jobs.${jobId}.${key} is not supported by this runner harness`);
  }
  const env = { ...asScalars(workflow["env"], "env"), ...asScalars(job["env"], `jobs.${jobId}.env`) };
  const steps = parseSteps(job["steps"], `${path}: jobs.${jobId}.steps`);
  const outputs = mapValues(asScalars(job["outputs"], `jobs.${jobId}.outputs`), String);
  return legs.map(({ matrix, contexts, name, strategy, concurrency }) => {
    const timeout = job["timeout-minutes"];
    const environment = environmentOf(job, contexts);
    return {
      ...rest,
      github: { ...github, job: jobId },
      workflowRef,
      inputs,
      needs: needs ?? {},
      steps,
      env,
      outputs,
      name,
      defaults: readDefaults(workflow, job, contexts),
      strategy,
      ...(matrix === undefined ? {} : { matrix }),
      ...(environment === "" ? {} : { environment }),
      ...(concurrency === "" ? {} : { concurrency }),
      ...(granted === undefined ? {} : { permissions: granted }),
      ...(timeout === undefined ? {} : { timeoutMinutes: Number(interpolate(String(timeout), contexts)) }),
    };
  });
}

/** The name of the job's environment; an empty one is none. */
function environmentOf(job: YamlMap, contexts: Contexts): string {
  const given = job["environment"];
  const name = typeof given === "string" ? given : asMap(given, "environment")["name"];
  return interpolate(String(name ?? ""), contexts);
}

function readDefaults(workflow: YamlMap, job: YamlMap, contexts: Contexts): NonNullable<Job["defaults"]> {
  const of = (map: YamlMap): YamlMap => asMap(asMap(map["defaults"], "defaults")["run"], "defaults.run");
  const run = { ...of(workflow), ...of(job) };
  const shell = run["shell"];
  const folder = run["working-directory"];
  return {
    ...(shell === undefined ? {} : { shell: interpolate(String(shell), contexts) }),
    ...(folder === undefined ? {} : { workingDirectory: interpolate(String(folder), contexts) }),
  };
}

function mapValues<A, B>(map: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}
