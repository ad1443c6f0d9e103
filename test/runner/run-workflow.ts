import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { inLanes } from "../e2e/lanes.ts";
import { interpolate } from "./expressions.ts";
import type { Conclusion, Job, JobResult, Status } from "./job.ts";
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
  readonly legs: readonly JobResult[];
}

export interface WorkflowResult {
  readonly conclusion: Status;
  readonly jobs: Readonly<Record<string, JobRow>>;
  /** `on.workflow_call.outputs`; empty for another trigger. */
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Runs a whole workflow file: each job after those that it needs, a leg for each value of its matrix. Jobs run one
 * after another, since no two of them may depend on their order. Throws for what GitHub refuses to start, for a job
 * that calls another workflow, and for an expression of a job that cannot be evaluated.
 */
export async function runWorkflow(source: WorkflowSource, options: WorkflowOptions = {}): Promise<WorkflowResult> {
  const workflow = asMap(parse(readFileSync(source.workflow, "utf8")), source.workflow);
  const needs = new Map(Object.entries(asMap(workflow["jobs"], "jobs")).map(([id, job]) => [id, needsOf(id, job)]));
  const done = new Map<string, JobRow>();
  for (const id of inOrder(needs)) {
    const direct = needs.get(id) ?? [];
    const row = (name: string): JobRow => done.get(name) ?? { result: "skipped", outputs: {}, legs: [] };
    const legs = loadJobs({
      ...source,
      jobId: id,
      needs: Object.fromEntries(direct.map((name) => [name, row(name)])),
      ancestors: [...ancestorsOf(id, needs)].map((name) => row(name).result),
    });
    done.set(id, await runLegs(legs, options));
  }
  const jobs = Object.fromEntries(done);
  const results = [...done.values()].map(({ result }) => result);
  const conclusion = (["cancelled", "failure"] as const).find((bad) => results.includes(bad)) ?? "success";
  return { conclusion, jobs, outputs: evaluateOutputs(workflow, source, jobs) };
}

async function runLegs(legs: readonly Job[], { play = runJob, lanes = 2 }: WorkflowOptions): Promise<JobRow> {
  if (legs.length === 0) return { result: "skipped", outputs: {}, legs: [] };
  const outputs: Record<string, string> = {};
  const failed = new AbortController();
  const results = await inLanes(legs, lanes, async (leg) => {
    const failFast = leg.strategy?.["fail-fast"] === true && legs.length > 1;
    if (failFast && failed.signal.aborted) return undefined;
    const result = await play(failFast ? { cancel: { signal: failed.signal }, ...leg } : leg);
    if (result.conclusion === "failure") failed.abort();
    Object.assign(outputs, result.outputs);
    return result;
  });
  const conclusions = results.map((result) => result?.conclusion ?? "cancelled");
  const result = (["failure", "cancelled"] as const).find((bad) => conclusions.includes(bad)) ?? "success";
  return { result, outputs, legs: results.filter((each) => each !== undefined) };
}

function needsOf(id: string, value: unknown): readonly string[] {
  const job = asMap(value, `jobs.${id}`);
  for (const key of ["uses", "continue-on-error"]) {
    if (job[key] !== undefined) throw new Error(`jobs.${id}.${key} is not supported by this runner harness`);
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
