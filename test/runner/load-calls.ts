import { findCalled } from "./called-workflow.ts";
import { describeJob } from "./describe-job.ts";
import { type Contexts, evaluateTree, interpolate } from "./expressions.ts";
import type { JobSource } from "./load-job.ts";
import { asMap, type YamlMap } from "./yaml-step.ts";

/** One call of a workflow, ready for `runWorkflow`. */
export interface Call {
  /** Of the calling job. */
  readonly name: string;
  readonly concurrency: string;
  readonly failFast: boolean;
  readonly source: Omit<JobSource, "jobId" | "needs" | "ancestors">;
}

/** The calls of a job with `uses`, one for each value of its matrix; none when its `if` is false. */
export function loadCalls(source: JobSource): readonly Call[] {
  const { jobId: _job, needs: _needs, ancestors: _before, workflowRef: own, ...circumstances } = source;
  const { job, github, granted, legs } = describeJob(source);
  const uses = String(job["uses"]);
  const called = findCalled(uses, source.workflow, source);
  const workflowRef = called.workflowRef ?? besides(own, uses);
  return legs.map(({ contexts, name, concurrency, strategy }) => ({
    name,
    concurrency,
    failFast: strategy["fail-fast"] === true,
    source: {
      ...circumstances,
      github,
      workflow: called.path,
      trigger: "workflow_call",
      // A value that is not given at all is not the same as an empty one.
      inputs: asMap(evaluateTree(asMap(job["with"], "with"), contexts), "with"),
      secrets: passSecrets(job["secrets"], source.secrets ?? {}, contexts),
      ...(workflowRef === undefined ? {} : { workflowRef }),
      ...(granted === undefined ? {} : { permissions: granted }),
    },
  }));
}

/** A file of the same repository at the same commit as a workflow that was called from another one. */
function besides(caller: string | undefined, uses: string): string | undefined {
  const [place = "", ref] = caller?.split("@") ?? [];
  if (ref === undefined) return undefined;
  return `${place.split("/").slice(0, 2).join("/")}/${uses.slice(2)}@${ref}`;
}

/** What a called workflow sees of the secrets: those it is given by name, or all; the token always. */
function passSecrets(
  given: unknown,
  secrets: Readonly<Record<string, string>>,
  contexts: Contexts,
): Readonly<Record<string, string>> {
  if (given === "inherit") return secrets;
  const named: YamlMap = asMap(given, "secrets");
  const all = { ...contexts, secrets };
  const passed = Object.entries(named).map(([name, value]) => [name, interpolate(String(value), all)] as const);
  const token = secrets["GITHUB_TOKEN"];
  return { ...(token === undefined ? {} : { GITHUB_TOKEN: token }), ...Object.fromEntries(passed) };
}
