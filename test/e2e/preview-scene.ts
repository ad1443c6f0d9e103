import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { GitHubApi } from "../github/github-api.ts";
import { withToken } from "../github/job-token.ts";
import type { Job, JobResult } from "../runner/job.ts";
import { runWorkflow, type WorkflowResult } from "../runner/run-workflow.ts";
import { repositoryRoot, type Scene } from "./scene.ts";

export const REPOSITORY = "octo/shop";
export const REPOSITORY_ID = "599293758";
const EXAMPLE = join(repositoryRoot, "examples/previews/.github/workflows");
/** Actions whose work is told, and not done. */
const RECORDED = ["terraform", "helm-deploy", "aks-set-context", "smoke-test", "acr-purge"];

/** What a stood-in action was given. */
export interface Recorded {
  /** The job's name, such as `preview / Deploy`. */
  readonly job: string;
  /** `terraform apply`, `helm-deploy deploy`. */
  readonly action: string;
  readonly given: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

/** A run of a consumer's file. */
export interface PlayedPreview extends WorkflowResult {
  /** Name and end of each job that ran, in order. */
  readonly ran: readonly string[];
  readonly played: readonly (Job & { readonly result: JobResult })[];
  readonly records: readonly Recorded[];
  /** Names of the steps of a job that were not left out, with how they ended where that was not well. */
  steps(job: string): readonly string[];
}

export interface PreviewRun {
  /** `preview` or `preview-end`. */
  readonly file: string;
  readonly github: Job["github"];
  /** A run of a fork or of Dependabot: its token only reads, and there is no ID token. */
  readonly readOnly?: boolean;
  /** What stood-in actions leave, by action and command. */
  readonly recorded?: Readonly<Record<string, { outputs?: object; fails?: boolean }>>;
  /** Called when a stood-in action runs, for what happens meanwhile. */
  readonly meanwhile?: (record: Recorded) => void;
  /** A file of another consumer's, in place of the example's. */
  readonly text?: string;
  /** Lines of the consumer's file to change. */
  readonly edit?: (text: string) => string;
}

export interface PreviewStage extends Disposable {
  readonly api: GitHubApi;
  run(run: PreviewRun): Promise<PlayedPreview>;
  /** The environment's group, as its terraform makes it. */
  addGroup(environment: string, tags?: Readonly<Record<string, string>>): void;
}

/** The committed tree around recorders, a consumer with the example's two files, and GitHub's side of it. */
export function stagePreviews(scene: Scene): PreviewStage {
  const root = mkdtempSync(join(tmpdir(), "mayfly-stage-"));
  const consumer = mkdtempSync(join(tmpdir(), "mayfly-consumer-"));
  const artifacts = mkdtempSync(join(tmpdir(), "mayfly-artifacts-"));
  for (const part of ["actions", "dist", ".github/workflows", "package.json"]) {
    mkdirSync(dirname(join(root, part)), { recursive: true });
    cpSync(join(repositoryRoot, part), join(root, part), { recursive: true });
  }
  for (const [name, recorder] of [
    ...RECORDED.map((name) => [name, "record-action.js"]),
    ["acr-build-push", "record-build.js"],
  ]) {
    const built = join(root, "dist", `${name}`);
    rmSync(built, { recursive: true, force: true });
    mkdirSync(built);
    cpSync(join(import.meta.dirname, "fixtures", `${recorder}`), join(built, "index.js"));
    writeFileSync(join(built, "post.js"), "");
  }
  mkdirSync(join(consumer, ".github/workflows"), { recursive: true });
  mkdirSync(join(consumer, ".mayfly"));
  writeFileSync(join(consumer, ".mayfly/images.yml"), "- { images: shop/api, context: api, scan-command: ./scan }\n");
  const api = scene.azure.githubApi;
  api.addRepository({ name: REPOSITORY, id: REPOSITORY_ID, collaborators: { mona: "write", hubot: "read" } });
  const groupId = (environment: string) =>
    `/subscriptions/${scene.team.subscriptionId}/resourceGroups/shop-${environment}`;
  const addGroup: PreviewStage["addGroup"] = (environment, tags = {}) => {
    const end = new Date(Date.now() + 24 * 3_600_000).toISOString().replace(/\.\d+Z$/, "Z");
    const own = { "mayfly-environment": environment, "mayfly-repository-id": REPOSITORY_ID };
    scene.add(`shop-${environment}`, { "auto-destroy": "true", "expires-at": end, ...own, ...tags });
  };
  /** What terraform does to Azure, as far as a gate and a report look at it. */
  const perform = ({ action, given, env }: Recorded): void => {
    const environment = given["environment"] ?? "";
    if (action === "terraform apply") addGroup(environment, { "mayfly-head-sha": env["MAYFLY_HEAD_SHA"] ?? "" });
    if (action === "terraform destroy") scene.azure.arm.remove(groupId(environment));
  };
  const play = (run: PreviewRun, played: (Job & { readonly result: JobResult })[], records: Recorded[]) => {
    const { clientId, tenantId, subscriptionId } = scene.team;
    const variables = { MAYFLY_REGISTRY: "mayfly", MAYFLY_STATE_ACCOUNT: "state", MAYFLY_NAME_PREFIX: "shop" };
    const workflow = join(consumer, ".github/workflows", `${run.file}.yml`);
    writeFileSync(workflow, run.text ?? readFileSync(join(EXAMPLE, `${run.file}.yml`), "utf8"));
    if (run.edit !== undefined) edit(workflow, run.edit);
    // What the file itself says counts, as on GitHub.
    const { idToken, permissions: _, ...base } = scene.base;
    const source = {
      ...base,
      repositoryRoot: root,
      calls: { "OWNER/mayfly": root },
      workflow,
      checkout: consumer,
      artifacts: mkdtempSync(join(artifacts, "run-")),
      machineEnv: { ...base.machineEnv, RECORDED: JSON.stringify(run.recorded ?? {}), PATH: withDocker(consumer) },
      replace: { "hashicorp/setup-terraform": join(import.meta.dirname, "fixtures/setup-terraform") },
      vars: {
        ...{ AZURE_CLIENT_ID: clientId, AZURE_TENANT_ID: tenantId, AZURE_SUBSCRIPTION_ID: subscriptionId },
        ...variables,
      },
      github: { ...base.github, repository: REPOSITORY, repository_id: REPOSITORY_ID, ...run.github },
      ...(run.readOnly === true || idToken === undefined ? {} : { idToken }),
    };
    return runWorkflow(source, {
      lanes: 1,
      play: async (job) => {
        const named = withToken(api, job, run.readOnly === true ? { readOnly: true } : {});
        const onLine: Job["onLine"] = ({ text }) => {
          const [, told] = /^recorded (\{.*)$/.exec(text) ?? [];
          if (told === undefined) return;
          const record: Recorded = { job: job.name ?? "", ...JSON.parse(told) };
          records.push(record);
          if (run.recorded?.[record.action]?.fails !== true) perform(record);
          run.meanwhile?.(record);
        };
        const result = await scene.play({ ...named, onLine });
        played.push({ ...job, result });
        return result;
      },
    });
  };
  return {
    api,
    addGroup,
    run: async (run) => {
      const played: (Job & { readonly result: JobResult })[] = [];
      const records: Recorded[] = [];
      const ended = await play(run, played, records);
      return {
        ...ended,
        played,
        records,
        ran: played.map(({ name, result }) => `${name}: ${result.conclusion}`),
        steps: (job) => stepsOf(played.find(({ name }) => name === job)?.result),
      };
    },
    [Symbol.dispose]: () => {
      for (const folder of [root, consumer, artifacts]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function stepsOf(result: JobResult | undefined): readonly string[] {
  return (result?.steps ?? [])
    .filter(({ stage, conclusion }) => stage === "main" && conclusion !== "skipped")
    .map(({ name, outcome }) => (outcome === "success" ? name : `${name}: ${outcome}`));
}

function edit(path: string, change: (text: string) => string): void {
  const before = readFileSync(path, "utf8");
  const after = change(before);
  if (after === before) throw new Error(`${path} is as it was: nothing was found to change`);
  writeFileSync(path, after);
}

/** A docker that makes any builder: what is built is not looked at here. */
function withDocker(consumer: string): string {
  const bin = join(consumer, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "docker"), "#!/bin/sh\n", { mode: 0o755 });
  return `${bin}:${process.env["PATH"]}`;
}
