import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { grantedTo, readWorkflow, triggersOf } from "./describe-job.ts";
import type { Permissions } from "./permissions.ts";
import { asMap, type YamlMap } from "./yaml-step.ts";

/** A workflow file that a job names in `uses`. */
export interface CalledWorkflow {
  readonly path: string;
  /** `owner/repo/path@ref` as `job.workflow_ref` says it; undefined for a file of the run's own repository. */
  readonly workflowRef: string | undefined;
}

/** Where workflow files lie. */
interface Places {
  /** What `$/` means. */
  readonly repositoryRoot: string;
  readonly calls?: Readonly<Record<string, string>>;
}

/** As many workflows as GitHub lets call each other in a row. */
const DEEPEST = 10;
/** Keys that GitHub takes of a job that calls. */
const CALL_KEYS = new Set("name uses with secrets strategy needs if concurrency permissions".split(" "));

/**
 * The file behind `uses` of a calling job: `$/…` of this repository, `./…` beside the caller's own file, others only
 * where `calls` has their repository. Throws when it is not there.
 */
export function findCalled(uses: string, caller: string, places: Places): CalledWorkflow {
  if (uses.startsWith("$/")) return found(uses, join(places.repositoryRoot, uses.slice(2)));
  if (uses.startsWith("./")) return found(uses, join(dirname(caller), "../..", uses));
  const [place = "", ref = ""] = uses.split("@");
  const [owner, name, ...path] = place.split("/");
  const root = places.calls?.[`${owner}/${name}`];
  if (root === undefined || ref === "")
    throw new Error(`"${uses}": workflow was not found. Map its repository in calls`);
  return found(uses, join(root, ...path), `${place}@${ref}`);
}

/**
 * Looks at a workflow and at all that its jobs call, skipped ones too, as GitHub does before it starts any job. Throws
 * for a call of what is not there or cannot be called, for inputs and secrets that it does not have or that are missing,
 * for keys that a calling job may not have, and for a job that asks for more than its caller grants.
 */
export function refuseBadCalls(path: string, granted: Permissions | undefined, places: Places, depth = 1): void {
  if (depth > DEEPEST) throw new Error(`${path}: workflows call each other more than ${DEEPEST} deep`);
  const workflow = readWorkflow(path);
  for (const [id, value] of Object.entries(asMap(workflow["jobs"], `${path}: jobs`))) {
    const job = asMap(value, `${path}: jobs.${id}`);
    const own = grantedTo(workflow, job, granted, `${path}: jobs.${id}`);
    if (job["uses"] === undefined) continue;
    const where = `${path}: jobs.${id}`;
    const odd = Object.keys(job).filter((key) => !CALL_KEYS.has(key));
    if (odd.length > 0)
      throw new Error(`${where}: Unexpected value '${odd.join(", ")}' in a job that calls a workflow`);
    const called = findCalled(String(job["uses"]), path, places);
    refuseBadValues(readWorkflow(called.path), job, where);
    refuseBadCalls(called.path, own, places, depth + 1);
  }
}

function refuseBadValues(called: YamlMap, job: YamlMap, where: string): void {
  const triggers = triggersOf(called);
  if (!("workflow_call" in triggers)) throw new Error(`${where}: the workflow has no workflow_call`);
  const offered = asMap(triggers["workflow_call"], "on.workflow_call");
  refuseNames(asMap(offered["inputs"], "inputs"), asMap(job["with"], "with"), "input", where);
  if (job["secrets"] === "inherit") return;
  refuseNames(asMap(offered["secrets"], "secrets"), asMap(job["secrets"], "secrets"), "secret", where);
}

function refuseNames(declared: YamlMap, given: YamlMap, kind: string, where: string): void {
  const unknown = Object.keys(given).filter((name) => !(name in declared));
  if (unknown.length > 0) throw new Error(`${where}: Invalid ${kind}, ${unknown.join(", ")} is not defined`);
  const missing = Object.entries(declared).filter(
    ([name, value]) => asMap(value, name)["required"] === true && !(name in given),
  );
  if (missing.length > 0) throw new Error(`${where}: ${kind} ${missing[0]?.[0]} is required, but not provided`);
}

function found(uses: string, path: string, workflowRef?: string): CalledWorkflow {
  // GitHub looks nowhere else.
  if (!/\/\.github\/workflows\/[^/]+\.ya?ml$/.test(path) || !existsSync(path)) {
    throw new Error(`"${uses}": workflow was not found`);
  }
  return { path, workflowRef };
}
