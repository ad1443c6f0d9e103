import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { JobOptions } from "../../test/azure/github/issuer.ts";
import type { Job } from "../../test/runner/job.ts";
import { runWorkflow, type WorkflowResult, type WorkflowSource } from "../../test/runner/run-workflow.ts";
import { asMap } from "../../test/runner/yaml-step.ts";
import type { Stage } from "./act.ts";
import { speakInTurn } from "./in-turn.ts";
import { concludeRun, type JobRecord, listArtifacts, type RunRecord, recordJob } from "./run-record.ts";
import type { Theatre } from "./theatre.ts";

/** A run to play: what its page says of it, and what its jobs find. */
export interface RunPlan {
  readonly facts: Pick<RunRecord, "repository" | "number" | "event" | "actor" | "branch"> &
    Partial<Pick<RunRecord, "title" | "commit" | "inputs">>;
  /** The repository that has the workflow; the one of the actions where left out. */
  readonly folder?: string;
  /** The workflow file, relative to that. */
  readonly file: string;
  readonly source: Pick<WorkflowSource, "trigger" | "github" | "checkout"> & Partial<WorkflowSource>;
  /** What the ID tokens of its jobs say. */
  readonly token: JobOptions;
  /** What else GitHub gives each job before it runs. */
  readonly dress?: (job: Job) => Job;
}

/**
 * Runs a whole workflow as GitHub would, with the committed bundles and with the emulator where Azure would be: jobs
 * after those that they need, legs of a matrix side by side, an ID token of its own for each.
 */
export async function recordWorkflow(theatre: Theatre, plan: RunPlan, stage: Stage): Promise<RunRecord> {
  const { repositoryRoot } = theatre;
  const workflow = join(plan.folder ?? repositoryRoot, plan.file);
  const startedAt = new Date();
  const artifacts = mkdtempSync(join(tmpdir(), "mayfly-demo-"));
  const open = speakInTurn(stage.watch);
  const records: Promise<JobRecord>[] = [];
  const play = async (job: Job): Promise<JobRecord["result"]> => {
    const speaker = open(job.name ?? "job");
    const record = playJob(theatre, plan, job, speaker.line).finally(speaker.done);
    records.push(record);
    return (await record).result;
  };
  try {
    const result = await runWorkflow({ repositoryRoot, workflow, artifacts, ...plan.source }, { play });
    const jobs = await Promise.all(records);
    return {
      inputs: {},
      ...plan.facts,
      workflow: nameOf(workflow),
      file: plan.file,
      outputs: result.outputs,
      jobs,
      skipped: listSkipped(result, workflow),
      leftOut: [],
      artifacts: listArtifacts(artifacts),
      startedAt,
      durationMs: Date.now() - startedAt.getTime(),
      conclusion: concludeRun(jobs),
    };
  } finally {
    rmSync(artifacts, { recursive: true, force: true });
  }
}

/** Runs a job with an ID token that is its own, and no good any more afterwards. */
async function playJob(
  { azure }: Theatre,
  { token, dress = (job) => job }: RunPlan,
  job: Job,
  line: Parameters<typeof recordJob>[1],
): Promise<JobRecord> {
  const environment = job.environment === undefined ? {} : { environment: job.environment };
  const registered = azure.github.registerJob({ ...token, ...environment });
  try {
    const { requestUrl, requestToken } = registered;
    return await recordJob({ ...dress(job), idToken: { requestUrl, requestToken } }, line);
  } finally {
    azure.github.complete(registered);
  }
}

function readWorkflow(path: string): Readonly<Record<string, unknown>> {
  return asMap(parse(readFileSync(path, "utf8")), path);
}

const nameOf = (path: string): string => String(readWorkflow(path)["name"] ?? path);

function listSkipped({ jobs }: WorkflowResult, path: string): readonly string[] {
  const declared = asMap(readWorkflow(path)["jobs"], "jobs");
  const skipped = Object.entries(jobs).filter(([, { result }]) => result === "skipped");
  return skipped.map(([id]) => String(asMap(declared[id], id)["name"] ?? id));
}
