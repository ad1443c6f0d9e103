import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { parse } from "yaml";
import { type Contexts, evaluateTree, holds, interpolate } from "./expressions.ts";
import { completeGithubContext } from "./github-context.ts";
import type { Job } from "./job.ts";
import { expandMatrix, type MatrixLeg } from "./matrix.ts";
import { parsePermissions, refuseEscalation } from "./permissions.ts";
import { completeInputs } from "./workflow-inputs.ts";
import { asMap, asScalars, parseSteps, type YamlMap } from "./yaml-step.ts";

/** Which job of which workflow file to run, and in which circumstances. */
export interface JobSource
  extends Omit<Job, "steps" | "name" | "env" | "outputs" | "defaults" | "matrix" | "strategy" | "environment"> {
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
  const { workflow: path, jobId, trigger: _trigger, needs, ancestors, permissions, ...rest } = source;
  const workflow = asMap(parse(readFileSync(path, "utf8")), path);
  const job = asMap(asMap(workflow["jobs"], `${path}: jobs`)[jobId], `${path}: jobs.${jobId}`);
  for (const key of Object.keys(job)) {
    if (!known.has(key)) throw new Error(`${path}: jobs.${jobId}.${key} is not supported by this runner harness`);
  }
  const { github, workflowRef, trigger, declarations } = describeRun(source, workflow);
  const vars = source.vars ?? {};
  const inputs = completeInputs(trigger, declarations, source.inputs ?? {}, { github, vars });
  const contexts = { github, needs: needs ?? {}, vars, inputs };
  const before = ancestors ?? Object.values(needs ?? {}).map(({ result }) => result);
  if (!holds((job["if"] ?? "") as string | boolean, contexts, statusOf(before))) return [];
  const asked = parsePermissions(job["permissions"] ?? workflow["permissions"], `${path}: permissions`);
  if (asked !== undefined && permissions !== undefined) refuseEscalation(asked, permissions);
  const granted = asked ?? permissions;
  const env = { ...asScalars(workflow["env"], "env"), ...asScalars(job["env"], `jobs.${jobId}.env`) };
  const strategy = asMap(job["strategy"], `jobs.${jobId}.strategy`);
  const legs = expandLegs(strategy, contexts);
  const steps = parseSteps(job["steps"], `${path}: jobs.${jobId}.steps`);
  const outputs = mapValues(asScalars(job["outputs"], `jobs.${jobId}.outputs`), String);
  return legs.map((matrix, index) => {
    const own = { ...contexts, matrix: matrix ?? {} };
    const timeout = job["timeout-minutes"];
    const environment = environmentOf(job, own);
    return {
      ...rest,
      github: { ...github, job: jobId },
      workflowRef,
      inputs,
      needs: needs ?? {},
      steps,
      env,
      outputs,
      name: nameOf(job, jobId, matrix, own),
      defaults: readDefaults(workflow, job, own),
      strategy: {
        "fail-fast": evaluateTree(strategy["fail-fast"] ?? true, contexts),
        "max-parallel": evaluateTree(strategy["max-parallel"] ?? legs.length, contexts),
        "job-index": index,
        "job-total": legs.length,
      },
      ...(matrix === undefined ? {} : { matrix }),
      ...(environment === "" ? {} : { environment }),
      ...(granted === undefined ? {} : { permissions: granted }),
      ...(timeout === undefined ? {} : { timeoutMinutes: Number(interpolate(String(timeout), own)) }),
    };
  });
}

/** What the trigger says of the run: for a called workflow the github context stays the caller's. */
function describeRun(source: JobSource, workflow: YamlMap) {
  const on = workflow["on"];
  const events: YamlMap =
    typeof on === "string"
      ? { [on]: null }
      : Array.isArray(on)
        ? Object.fromEntries(on.map((e) => [e, null]))
        : asMap(on, "on");
  const event = source.github?.event_name;
  const trigger = source.trigger ?? (event !== undefined && event in events ? event : "workflow_call");
  if (!(trigger in events)) throw new Error(`${source.workflow}: "on" has no ${trigger}`);
  const base = completeGithubContext(source.github ?? {});
  const file = relative(resolve(source.repositoryRoot), resolve(source.workflow));
  const workflowRef = source.workflowRef ?? `${base.repository}/${file}@${base.ref}`;
  const github =
    trigger === "workflow_call"
      ? base
      : { ...base, event_name: trigger, workflow: String(workflow["name"] ?? file), workflow_ref: workflowRef };
  // `schedule` is a list of crons, and has no inputs.
  const declared = Array.isArray(events[trigger]) ? {} : asMap(events[trigger], `on.${trigger}`);
  const declarations = asMap(declared["inputs"], `on.${trigger}.inputs`);
  return { github, workflowRef, trigger, declarations };
}

function statusOf(results: readonly string[]) {
  return {
    success: results.every((result) => result === "success"),
    failure: results.includes("failure"),
    cancelled: results.includes("cancelled"),
  };
}

function expandLegs(strategy: YamlMap, contexts: Contexts): ReadonlyArray<MatrixLeg | undefined> {
  if (strategy["matrix"] === undefined) return [undefined];
  return expandMatrix(asMap(evaluateTree(strategy["matrix"], contexts), "strategy.matrix"));
}

function nameOf(job: YamlMap, jobId: string, matrix: MatrixLeg | undefined, contexts: Contexts): string {
  if (job["name"] !== undefined) return interpolate(String(job["name"]), contexts);
  const values = Object.values(matrix ?? {}).filter((value) => typeof value !== "object");
  return values.length === 0 ? jobId : `${jobId} (${values.join(", ")})`;
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
