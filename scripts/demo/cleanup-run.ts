import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type JobSource, loadJob } from "../../test/runner/load-job.ts";
import type { Stage, Tool } from "./act.ts";
import { NAME_PREFIX } from "./cleanup-fleet.ts";
import { concludeRun, listArtifacts, type RunRecord, recordJob } from "./run-record.ts";
import { REPOSITORY, type Theatre } from "./theatre.ts";

const WORKFLOW = ".github/workflows/nightly-cleanup.yml";

/** The job `scope` is a script for GitHub's Ubuntu; macOS comes with bash 3, small images with none. */
const bash: Tool = {
  name: "bash 4",
  bring: process.platform === "darwin" ? "brew install bash" : "apt-get install bash",
  isThere: () => spawnSync("bash", ["-c", '[[ "$BASH_VERSINFO" -ge 4 ]]']).status === 0,
};

/** How a run of the cleanup was started. */
export interface Trigger {
  readonly number: number;
  readonly event: "schedule" | "workflow_dispatch";
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/**
 * Runs nightly-cleanup.yml as GitHub would: its job `scope`, then the leg of `reap` for the one subscription, with the
 * committed bundles and with the emulator where Azure would be.
 */
export async function runCleanup(theatre: Theatre, trigger: Trigger, stage: Stage): Promise<RunRecord> {
  const { repositoryRoot, team, azure, proxy } = theatre;
  const startedAt = new Date();
  const artifactFolder = mkdtempSync(join(tmpdir(), "mayfly-demo-"));
  const { name: repository, id: repositoryId, ownerId } = REPOSITORY;
  const byHand = trigger.event === "workflow_dispatch";
  const job = azure.github.registerJob({
    repository,
    repositoryId,
    ownerId,
    event: trigger.event,
    ref: "refs/heads/main",
    workflow: "nightly-cleanup",
  });
  const source: Omit<JobSource, "jobId"> = {
    repositoryRoot,
    workflow: join(repositoryRoot, WORKFLOW),
    trigger: trigger.event,
    github: {
      event_name: trigger.event,
      repository,
      repository_id: repositoryId,
      repository_owner: repository.split("/")[0] ?? "",
      repository_owner_id: ownerId,
      run_number: String(trigger.number),
      actor: "mona",
    },
    inputs: trigger.inputs ?? {},
    vars: {
      AZURE_REAPER_CLIENT_ID: team.clientId,
      AZURE_TENANT_ID: team.tenantId,
      AZURE_SUBSCRIPTION_ID: team.subscriptionId,
      MAYFLY_NAME_PREFIX: NAME_PREFIX,
    },
    machineEnv: { ...proxy.env, PATH: process.env["PATH"] ?? "" },
    idToken: { requestUrl: job.requestUrl, requestToken: job.requestToken },
    artifacts: artifactFolder,
  };
  try {
    const scopeJob = loadJob({ ...source, jobId: "scope" });
    const scopeName = scopeJob.name ?? "scope";
    const scope = bash.isThere() ? await recordJob(scopeJob, stage.watch(scopeName)) : undefined;
    const given = { result: "success", outputs: { subscriptions: JSON.stringify([team.subscriptionId]) } };
    const needs = {
      scope: scope === undefined ? given : { result: scope.result.conclusion, outputs: scope.result.outputs },
    };
    const reapJob = loadJob({ ...source, jobId: "reap", needs });
    const reap = await recordJob(reapJob, stage.watch(reapJob.name ?? "reap"));
    const jobs = scope === undefined ? [reap] : [scope, reap];
    azure.github.complete(job);
    return {
      workflow: "Nightly cleanup",
      repository,
      file: WORKFLOW,
      number: trigger.number,
      event: trigger.event,
      actor: byHand ? "mona" : undefined,
      branch: "main",
      inputs: trigger.inputs ?? {},
      jobs,
      skipped: [],
      leftOut: scope === undefined ? [{ job: scopeName, tool: bash }] : [],
      artifacts: listArtifacts(artifactFolder),
      startedAt,
      durationMs: Date.now() - startedAt.getTime(),
      conclusion: concludeRun(jobs),
    };
  } finally {
    rmSync(artifactFolder, { recursive: true, force: true });
  }
}
