import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cancelJob, watchCancel } from "./cancel.ts";
import { defaultRuntimeToken } from "./environment.ts";
import { interpolate } from "./expressions.ts";
import { createFolders, emptyTemp, removeFolders } from "./folders.ts";
import { completeGithubContext } from "./github-context.ts";
import type { Job, JobLog, JobResult, LogLine } from "./job.ts";
import { createTrackingId, type JobRun, secretsOf, sharedContexts } from "./job-run.ts";
import { jobContexts, runSteps } from "./job-steps.ts";
import { killOrphans } from "./orphans.ts";
import { createProblemMatchers } from "./problem-matchers.ts";
import { createSecretMasker } from "./secret-masker.ts";
import { addIssue, createStageRecord, type StageRecord, write } from "./stage-record.ts";

export type { Annotation, Job, JobLog, JobResult, LogLine, Stage, Step, StepResult } from "./job.ts";

/**
 * Runs a job as GitHub's runner 2.336 does and returns all that it shows. Fails the job, and does not throw, for what
 * would fail a job on GitHub; throws only when the harness itself cannot work.
 */
export async function runJob(job: Job): Promise<JobResult> {
  const startedAt = performance.now();
  const run = startRun(job);
  const jobRecord = createStageRecord(run.writer, "", "job");
  const stopWatching = watchCancel(run, jobRecord);
  try {
    await runSteps(run, jobRecord);
    if (run.faults.length > 0) throw run.faults[0];
    if (!run.killed.signal.aborted) job.onEnd?.(run.folders.temp);
    const outputs = evaluateOutputs(run, jobRecord);
    const orphans = killOrphans(run.trackingId);
    if (orphans.length > 0) write(jobRecord, "plain", "Cleaning up orphan processes");
    for (const { pid, command } of orphans) {
      write(jobRecord, "plain", `Terminate orphan process: pid (${pid}) (${command})`);
    }
    emptyTemp(run.folders);
    return {
      conclusion: run.status,
      steps: run.results,
      ...outputs,
      log: run.writer.lines,
      annotations: [...run.results.flatMap((step) => step.annotations), ...jobRecord.annotations],
      summary: run.results.map((step) => step.summary).join(""),
      env: Object.fromEntries(run.env),
      path: run.path.toReversed(),
      orphans: orphans.map((orphan) => orphan.command),
      durationMs: performance.now() - startedAt,
    };
  } finally {
    stopWatching();
    killOrphans(run.trackingId);
    removeFolders(run.folders);
  }
}

function startRun(job: Job): JobRun {
  const given = completeGithubContext(job.github ?? {});
  const folders = createFolders(given.repository, job.workspace);
  const github = {
    ...given,
    token: job.secrets?.["GITHUB_TOKEN"] ?? given.token,
    workspace: folders.workspace,
    event_path: join(folders.temp, "_github_workflow", "event.json"),
  };
  const masker = createSecretMasker();
  const lines: LogLine[] = [];
  const cancelled = new AbortController();
  const run: JobRun = {
    job,
    folders,
    github,
    masker,
    matchers: createProblemMatchers(folders.workspace),
    writer: {
      lines,
      masker,
      onLine: (line: LogLine, log: JobLog) => {
        // Thrown here it would be thrown at a stream of the step's process, and end ours.
        try {
          job.onLine?.(line);
          if (!cancelled.signal.aborted && job.cancel?.when?.(log) === true) cancelJob(run);
        } catch (fault) {
          run.faults.push(fault);
          cancelJob(run);
        }
      },
    },
    env: new Map(),
    path: [],
    steps: {},
    results: [],
    posts: [],
    faults: [],
    trackingId: createTrackingId(),
    cancelled,
    killed: new AbortController(),
    status: "success",
  };
  emptyTemp(folders);
  mkdirSync(dirname(github.event_path), { recursive: true });
  writeFileSync(github.event_path, JSON.stringify(github.event));
  for (const secret of Object.values(secretsOf(run))) masker.addLines(secret);
  masker.addLines(job.idToken?.requestToken ?? "");
  masker.addLines(job.runtime?.["ACTIONS_RUNTIME_TOKEN"] ?? defaultRuntimeToken);
  return run;
}

/** Job outputs at the end of the job: empty ones are left out, and those that hold a secret are dropped. */
function evaluateOutputs(run: JobRun, record: StageRecord): Pick<JobResult, "outputs" | "droppedOutputs"> {
  const outputs: Record<string, string> = {};
  const droppedOutputs: string[] = [];
  try {
    const contexts = {
      ...sharedContexts(run),
      ...jobContexts(run),
      steps: run.steps,
      env: Object.fromEntries(run.env),
    };
    for (const [name, template] of Object.entries(run.job.outputs ?? {})) {
      const value = interpolate(template, contexts);
      if (value === "") continue;
      if (value === run.masker.mask(value)) outputs[name] = value;
      else {
        droppedOutputs.push(name);
        addIssue(record, "warning", `Skip output '${name}' since it may contain secret.`);
      }
    }
  } catch (error) {
    addIssue(record, "error", "Fail to evaluate job outputs");
    addIssue(record, "error", error instanceof Error ? error.message : String(error));
    if (run.status === "success") run.status = "failure";
  }
  return { outputs, droppedOutputs };
}
