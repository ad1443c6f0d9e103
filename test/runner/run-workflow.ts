import { inLanes } from "../e2e/lanes.ts";
import { refuseBadCalls } from "./called-workflow.ts";
import { readWorkflow } from "./describe-job.ts";
import { interpolate } from "./expressions.ts";
import type { Conclusion, Job, JobResult, Status } from "./job.ts";
import { loadCalls } from "./load-calls.ts";
import { type JobSource, loadJobs } from "./load-job.ts";
import { runJob } from "./run-job.ts";
import { asMap, type YamlMap } from "./yaml-step.ts";

/** A workflow file and the circumstances that all of its jobs share. */
export type WorkflowSource = Omit<JobSource, "jobId" | "needs" | "ancestors">;

/** How the jobs of a workflow are run. */
export interface WorkflowOptions {
  /** Runs one leg; `runJob` without it. */
  readonly play?: (job: Job) => Promise<JobResult>;
  /** Legs of a matrix that run side by side. */
  readonly lanes?: number;
}

/** A job of a workflow that is over. */
export interface JobRow {
  readonly result: Conclusion;
  /** Of all legs, the one that ended last winning. */
  readonly outputs: Readonly<Record<string, string>>;
  /** With the jobs of the workflows that it called. */
  readonly legs: readonly JobResult[];
  /** Of a job that calls a workflow: each call. */
  readonly calls: readonly WorkflowResult[];
}

export interface WorkflowResult {
  readonly conclusion: Status;
  readonly jobs: Readonly<Record<string, JobRow>>;
  /** `on.workflow_call.outputs`; empty for another trigger. */
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Runs a whole workflow file: each job after those that it needs, a leg for each value of its matrix, and the workflows
 * that jobs call. Jobs run one after another, since no two of them may depend on their order. Throws for what GitHub
 * refuses to start, in called workflows too, and for an expression of a job that cannot be evaluated.
 */
export async function runWorkflow(source: WorkflowSource, options: WorkflowOptions = {}): Promise<WorkflowResult> {
  refuseBadCalls(source.workflow, source.permissions, source);
  return runJobs(source, { play: runJob, lanes: 2, ...options });
}

async function runJobs(source: WorkflowSource, options: Required<WorkflowOptions>): Promise<WorkflowResult> {
  const workflow = readWorkflow(source.workflow);
  const declared = Object.entries(asMap(workflow["jobs"], "jobs")).map(([id, job]) => [id, asMap(job, id)] as const);
  const needs = new Map(declared.map(([id, job]) => [id, needsOf(id, job)]));
  const calling = new Set(declared.filter(([, job]) => job["uses"] !== undefined).map(([id]) => id));
  const done = new Map<string, JobRow>();
  for (const id of inOrder(needs)) {
    const direct = needs.get(id) ?? [];
    const row = (name: string): JobRow => done.get(name) ?? skipped;
    const own = {
      ...source,
      jobId: id,
      needs: Object.fromEntries(direct.map((name) => [name, seenBy(row(name))])),
      ancestors: [...ancestorsOf(id, needs)].map((name) => row(name).result),
    };
    done.set(id, await (calling.has(id) ? runCalls(own, options) : runSteps(own, options)));
  }
  const jobs = Object.fromEntries(done);
  const results = [...done.values()].map(({ result }) => result);
  const conclusion = (["cancelled", "failure"] as const).find((bad) => results.includes(bad)) ?? "success";
  return { conclusion, jobs, outputs: evaluateOutputs(workflow, source, jobs) };
}

/** What a job sees of one that it needs. */
const seenBy = ({ result, outputs }: JobRow) => ({ result, outputs });

const skipped: JobRow = { result: "skipped", outputs: {}, legs: [], calls: [] };

async function runSteps(source: JobSource, { play, lanes }: Required<WorkflowOptions>): Promise<JobRow> {
  const legs = loadJobs(source).map((job) => ({ job, failFast: job.strategy?.["fail-fast"] === true }));
  const { ended, ...row } = await runLegs(legs, lanes, ({ job }, cancel) => play({ ...cancel, ...job }));
  return { ...row, legs: ended, calls: [] };
}

async function runCalls(source: JobSource, options: Required<WorkflowOptions>): Promise<JobRow> {
  const { ended, ...row } = await runLegs(loadCalls(source), options.lanes, (call, cancel) =>
    runJobs(
      { ...cancel, ...call.source },
      {
        ...options,
        play: (job) => options.play({ ...inGroup(call.concurrency), ...job, name: `${call.name} / ${job.name}` }),
      },
    ),
  );
  return { ...row, legs: ended.flatMap(({ jobs }) => Object.values(jobs).flatMap(({ legs }) => legs)), calls: ended };
}

/** A job of a called workflow runs in the group of the call, unless it has one of its own. */
const inGroup = (concurrency: string) => (concurrency === "" ? {} : { concurrency });

/** Runs what a job consists of, side by side, and says how it ended as a whole. */
async function runLegs<L extends { readonly failFast: boolean }, R extends Ended>(
  legs: readonly L[],
  lanes: number,
  run: (leg: L, cancel: Pick<Job, "cancel">) => Promise<R>,
): Promise<Pick<JobRow, "result" | "outputs"> & { readonly ended: readonly R[] }> {
  if (legs.length === 0) return { result: "skipped", outputs: {}, ended: [] };
  const outputs: Record<string, string> = {};
  const failed = new AbortController();
  const results = await inLanes(legs, lanes, async (leg) => {
    const failFast = leg.failFast && legs.length > 1;
    if (failFast && failed.signal.aborted) return undefined;
    const result = await run(leg, failFast ? { cancel: { signal: failed.signal } } : {});
    if (result.conclusion === "failure") failed.abort();
    Object.assign(outputs, result.outputs);
    return result;
  });
  const conclusions = results.map((result) => result?.conclusion ?? "cancelled");
  const result = (["failure", "cancelled"] as const).find((bad) => conclusions.includes(bad)) ?? "success";
  return { result, outputs, ended: results.filter((each) => each !== undefined) };
}

interface Ended {
  readonly conclusion: Status;
  readonly outputs: Readonly<Record<string, string>>;
}

function needsOf(id: string, job: YamlMap): readonly string[] {
  if (job["continue-on-error"] !== undefined) {
    throw new Error(`jobs.${id}.continue-on-error is not supported by this runner harness`);
  }
  const needs = job["needs"] ?? [];
  return Array.isArray(needs) ? needs.map(String) : [String(needs)];
}

/** Every job after those that it needs. */
function inOrder(needs: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const order = new Set<string>();
  const visit = (id: string, path: readonly string[]): void => {
    const next = needs.get(id);
    if (next === undefined) throw new Error(`Job '${path.at(-1)}' depends on unknown job '${id}'.`);
    if (path.includes(id)) throw new Error(`Job '${id}' depends on itself: ${[...path, id].join(" -> ")}`);
    for (const each of next) visit(each, [...path, id]);
    order.add(id);
  };
  for (const id of needs.keys()) visit(id, []);
  return [...order];
}

function ancestorsOf(id: string, needs: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    for (const each of needs.get(name) ?? []) {
      if (!found.has(each)) visit(each);
      found.add(each);
    }
  };
  visit(id);
  return found;
}

function evaluateOutputs(
  workflow: YamlMap,
  source: WorkflowSource,
  jobs: Readonly<Record<string, JobRow>>,
): Readonly<Record<string, string>> {
  if (source.trigger !== "workflow_call") return {};
  const declared = asMap(asMap(asMap(workflow["on"], "on")["workflow_call"], "on.workflow_call")["outputs"], "outputs");
  const contexts = { github: source.github ?? {}, inputs: source.inputs ?? {}, vars: source.vars ?? {}, jobs };
  return Object.fromEntries(
    Object.entries(declared).map(([name, value]) => [
      name,
      interpolate(String(asMap(value, `outputs.${name}`)["value"]), contexts),
    ]),
  );
}
