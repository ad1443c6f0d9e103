import { type ActionSource, createActionSource } from "./action-source.ts";
import { runStage } from "./action-stage.ts";
import { stageCondition, worse } from "./composite.ts";
import { interpolate } from "./expressions.ts";
import { runFrame } from "./frame-runner.ts";
import type { Stage } from "./job.ts";
import { type Frame, type JobRun, secretsOf, sharedContexts, stepContexts, workflowOf } from "./job-run.ts";
import { addIssue, createStageRecord, type StageRecord } from "./stage-record.ts";
import { createInstances, hasPre, type StepInstance } from "./step-instance.ts";

/** Runs a job's steps in the runner's order: all pre stages, the steps, then posts, last registered first. */
export async function runSteps(run: JobRun, jobRecord: StageRecord): Promise<void> {
  const { job, folders } = run;
  let instances: readonly StepInstance[];
  let source: ActionSource;
  try {
    const contexts = { ...sharedContexts(run), ...jobContexts(run) };
    for (const [name, value] of Object.entries(job.env ?? {})) run.env.set(name, interpolate(String(value), contexts));
    const { repository, sha } = workflowOf(run);
    source = createActionSource(job, folders, repository, sha);
    instances = createInstances(job.steps, source);
  } catch (error) {
    // "Set up job" failed: no step starts.
    addIssue(jobRecord, "error", error instanceof Error ? error.message : String(error));
    run.status = worse(run.status, "failure");
    return;
  }
  for (const instance of instances.filter(hasPre)) await runRow(run, instance, "pre", source);
  for (const instance of instances) await runRow(run, instance, "main", source);
  for (let post = run.posts.pop(); post !== undefined; post = run.posts.pop()) await post();
}

/** Contexts of a job's own fields, besides the shared ones. */
export function jobContexts(run: JobRun): Readonly<Record<string, unknown>> {
  const { vars, inputs, needs } = run.job;
  return { vars: vars ?? {}, secrets: secretsOf(run), inputs: inputs ?? {}, needs: needs ?? {} };
}

async function runRow(run: JobRun, instance: StepInstance, stage: Stage, source: ActionSource): Promise<void> {
  const startedAt = performance.now();
  const record = createStageRecord(run.writer, instance.contextName, stage);
  const frame: Frame = {
    run,
    record,
    instance,
    step: instance.step,
    stage,
    scope: run.steps,
    inputs: undefined,
    github: { action: instance.contextName },
    parent: undefined,
    overrides: new Map(),
    cancel: new AbortController(),
    outputs: {},
    commandFailed: false,
  };
  const name = displayName(frame);
  const condition = stage === "main" ? (instance.step.if ?? "success()") : stageCondition(instance, stage);
  const registerPost = (): void => {
    const post = (): Promise<void> => runRow(run, instance, "post", source);
    run.posts.push(post, ...(run.job.repeatPosts === true ? [post] : []));
  };
  const result = await runFrame(frame, name, condition, () => runStage(frame, source, registerPost));
  if (result.conclusion === "failure" || result.conclusion === "cancelled") {
    run.status = worse(run.status, result.conclusion);
  }
  if (stage === "main" && instance.step.id !== undefined) {
    run.steps[instance.step.id] = { outputs: frame.outputs, ...result };
  }
  run.results.push({
    id: instance.contextName,
    name,
    stage,
    ...result,
    exitCode: record.exitCode,
    ...(record.signal === undefined ? {} : { signal: record.signal }),
    signalsSent: record.signalsSent,
    outputs: frame.outputs,
    log: record.log,
    annotations: record.annotations,
    summary: record.summary,
    state: Object.fromEntries(instance.state),
    durationMs: performance.now() - startedAt,
  });
}

/** The row's name: the step's own, or "Run …", with "Pre " or "Post " for the other stages; secrets masked. */
function displayName(frame: Frame): string {
  const { step, stage, run } = frame;
  const prefix = { pre: "Pre ", main: "", post: "Post " }[stage];
  const firstLine = (text: string): string => text.trimStart().split(/[\r\n]/)[0] ?? "";
  let name = step.name ?? `Run ${firstLine(step.uses ?? step.run ?? "")}`;
  try {
    name = interpolate(name, stepContexts(frame));
  } catch {
    // GitHub shows the name as it was written then.
  }
  return prefix + run.masker.mask(name);
}
