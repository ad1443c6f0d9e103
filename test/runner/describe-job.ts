import { relative, resolve } from "node:path";
import { type Contexts, evaluateTree, holds, interpolate } from "./expressions.ts";
import { completeGithubContext, type GithubContext } from "./github-context.ts";
import type { JobSource } from "./load-job.ts";
import { expandMatrix, type MatrixLeg } from "./matrix.ts";
import { type Permissions, parsePermissions, refuseEscalation } from "./permissions.ts";
import { readYaml } from "./read-yaml.ts";
import { completeInputs } from "./workflow-inputs.ts";
import { asMap, type YamlMap } from "./yaml-step.ts";

/** What a job of a workflow file is before its steps, or its call, are looked at. */
export interface DescribedJob {
  readonly workflow: YamlMap;
  readonly job: YamlMap;
  readonly github: GithubContext;
  readonly workflowRef: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What the job's own fields may name. */
  readonly contexts: Contexts;
  /** What the job may do; undefined where neither the file nor a caller says so. */
  readonly granted: Permissions | undefined;
  readonly strategy: YamlMap;
  /** One for each value of the matrix, or one without a value; none when the job's `if` is false. */
  readonly legs: readonly JobLeg[];
}

/** One leg of a job. */
export interface JobLeg {
  readonly matrix: MatrixLeg | undefined;
  readonly contexts: Contexts;
  readonly name: string;
  /** The `strategy` context. */
  readonly strategy: Readonly<Record<string, unknown>>;
  /** The group that the job would wait in; empty for none. Nobody waits here. */
  readonly concurrency: string;
}

/** Reads the parsed file of a workflow. */
export function readWorkflow(path: string): YamlMap {
  return asMap(readYaml(path), path);
}

/** A job's circumstances, evaluated. Throws for what GitHub refuses at start-up. */
export function describeJob(source: JobSource): DescribedJob {
  const { workflow: path, jobId, needs, ancestors, permissions } = source;
  const workflow = readWorkflow(path);
  const job = asMap(asMap(workflow["jobs"], `${path}: jobs`)[jobId], `${path}: jobs.${jobId}`);
  const { github, workflowRef, trigger, declarations } = describeRun(source, workflow);
  const vars = source.vars ?? {};
  const inputs = completeInputs(trigger, declarations, source.inputs ?? {}, { github, vars });
  const contexts = { github, needs: needs ?? {}, vars, inputs };
  const before = ancestors ?? Object.values(needs ?? {}).map(({ result }) => result);
  const granted = grantedTo(workflow, job, permissions, path);
  const strategy = asMap(job["strategy"], `jobs.${jobId}.strategy`);
  const described = { workflow, job, github, workflowRef, inputs, contexts, granted, strategy };
  if (!holds((job["if"] ?? "") as string | boolean, contexts, statusOf(before))) return { ...described, legs: [] };
  const values = expandLegs(strategy, contexts);
  const legs = values.map((matrix, index) => {
    const own = { ...contexts, matrix: matrix ?? {} };
    return {
      matrix,
      contexts: own,
      name: nameOf(job, jobId, matrix, own),
      concurrency: groupOf(job, own),
      strategy: {
        "fail-fast": evaluateTree(strategy["fail-fast"] ?? true, contexts),
        "max-parallel": evaluateTree(strategy["max-parallel"] ?? values.length, contexts),
        "job-index": index,
        "job-total": values.length,
      },
    };
  });
  return { ...described, legs };
}

/**
 * What a job may do: what it asks for, else what its file asks for, else what the caller has. Throws when it asks for
 * more than the caller has.
 */
export function grantedTo(
  workflow: YamlMap,
  job: YamlMap,
  caller: Permissions | undefined,
  path: string,
): Permissions | undefined {
  const asked = parsePermissions(job["permissions"] ?? workflow["permissions"], `${path}: permissions`);
  if (asked !== undefined && caller !== undefined) refuseEscalation(asked, caller);
  return asked ?? caller;
}

/** What `on:` says of a trigger; `schedule` is a list of crons, and has no inputs. */
export function triggersOf(workflow: YamlMap): YamlMap {
  const on = workflow["on"];
  if (typeof on === "string") return { [on]: null };
  return Array.isArray(on) ? Object.fromEntries(on.map((event) => [event, null])) : asMap(on, "on");
}

/** What the trigger says of the run: for a called workflow the github context stays the caller's. */
function describeRun(source: JobSource, workflow: YamlMap) {
  const events = triggersOf(workflow);
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

function groupOf(job: YamlMap, contexts: Contexts): string {
  const given = job["concurrency"];
  const group = typeof given === "string" ? given : asMap(given, "concurrency")["group"];
  return interpolate(String(group ?? ""), contexts);
}
