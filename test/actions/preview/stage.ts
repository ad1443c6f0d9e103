import { run } from "../../../src/actions/preview/run.ts";
import { spec } from "../../../src/actions/preview/spec.ts";
import type { World } from "../../../src/actions/preview/world.ts";
import type { Deployment, DeploymentStatus, NewCheckRun } from "../../../src/github/preview-api.ts";
import type { RunJob } from "../../../src/github/run-jobs.ts";
import type { Result } from "../../../src/kit/define-action.ts";
import { createRedactor } from "../../../src/kit/masking.ts";
import { inputVariable, readInputs } from "../../../src/kit/read-inputs.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import type { PullRequest } from "../../../src/preview/pull-request.ts";
import type { GroupFacts, Lock } from "../../../src/ttl/facts.ts";
import type { NamespaceFacts } from "../../../src/ttl/namespace.ts";
import { recordLog } from "../recording-log.ts";
import { connectAzure, replaceNamed } from "./stage-azure.ts";
import { connectGitHub } from "./stage-github.ts";
import { NOW, SHA } from "./stories.ts";

export const SUBSCRIPTION = "6f1e9d0c-1111-4222-8333-444455556666";
export const REPOSITORY_ID = "599293758";
const STATE_KEY = `mayfly/${REPOSITORY_ID}/pr-12.tfstate`;

export { STATE_KEY };

interface Shown extends Deployment {
  readonly statuses: DeploymentStatus[];
}

export interface Blob {
  text: string;
  lease?: string;
}

/** A repository with its pull requests, a subscription and a cluster, in memory. Tests put into it what they need. */
export interface Stage {
  now: Date;
  pull: PullRequest | undefined;
  /** Bodies of our comments by pull request. */
  readonly comments: Map<number, string>;
  readonly deployments: Shown[];
  readonly checks: NewCheckRun[];
  readonly jobs: RunJob[];
  readonly groups: GroupFacts[];
  readonly namespaces: NamespaceFacts[];
  readonly locks: Lock[];
  readonly blobs: Map<string, Blob>;
  readonly files: Map<string, string>;
  readonly secrets: string[];
  /** Names of groups whose DELETE ARM accepts and never finishes. */
  readonly stuck: Set<string>;
  /** What answers with an error instead: `comments`, `deployments`, `checks`, `pulls`, `arm`. */
  readonly down: Set<string>;
  login: boolean;
  /** Whether the job was given a shared cluster. */
  cluster: boolean;
  /** Called before each look at ARM's list. */
  onLook: () => void;
}

export function createStage(other: Partial<Stage> = {}): Stage {
  return {
    now: NOW,
    pull: pull(),
    comments: new Map(),
    deployments: [],
    checks: [],
    jobs: [],
    groups: [group("foundation", { tags: {} })],
    namespaces: [],
    locks: [],
    blobs: new Map(),
    files: new Map(),
    secrets: [],
    stuck: new Set(),
    down: new Set(),
    login: true,
    cluster: true,
    onLook: () => undefined,
    ...other,
  };
}

export function pull(other: Partial<PullRequest> = {}): PullRequest {
  return {
    number: 12,
    state: "open",
    merged: false,
    draft: false,
    title: "A title <script>",
    labels: [],
    author: "octocat",
    headSha: SHA,
    headRef: "feature/$(x)",
    headRepository: "octo/shop",
    baseRef: "main",
    url: "https://github.com/octo/shop/pull/12",
    ...other,
  };
}

export const TAGS = {
  "auto-destroy": "true",
  "expires-at": "2026-11-22T14:20:00Z",
  "mayfly-environment": "pr-12",
  "mayfly-repository-id": REPOSITORY_ID,
} as const;

export function group(name: string, other: Partial<GroupFacts> = {}): GroupFacts {
  return {
    id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/${name}`,
    subscriptionId: SUBSCRIPTION,
    name,
    location: "westeurope",
    tags: TAGS,
    managedBy: undefined,
    provisioningState: "Succeeded",
    ...other,
  };
}

export function namespace(name: string, other: Partial<NamespaceFacts> = {}): NamespaceFacts {
  const { "expires-at": expiresAt, ...labels } = TAGS;
  return {
    name,
    uid: `uid-${name}`,
    resourceVersion: "1",
    labels,
    annotations: { "expires-at": expiresAt },
    deleting: false,
    ...other,
  };
}

/** What a run did, besides what the stage shows. */
export interface Done {
  readonly result: Result<typeof spec>;
  readonly summary: string;
  readonly preview: unknown;
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
}

/** Runs a command with inputs as a workflow writes them. What fails comes as `failure`. */
export async function play(stage: Stage, inputs: Readonly<Record<string, string>>): Promise<Done> {
  const told = { lines: [] as string[], warnings: [] as string[], summary: "", preview: undefined as unknown };
  const given = { "github-token": "ghs_token", ...inputs };
  const environment = Object.fromEntries(Object.entries(given).map(([name, value]) => [inputVariable(name), value]));
  const parsed = readInputs(spec, environment, () => undefined);
  const world = connectStage(stage, told);
  const result = await run(parsed, world).catch((error: unknown) => {
    if (error instanceof UserError) return { outputs: {}, failure: error };
    throw error;
  });
  return { result, ...told };
}

interface Told {
  readonly lines: string[];
  readonly warnings: string[];
  summary: string;
  preview: unknown;
}

function connectStage(stage: Stage, told: Told): World {
  const redactor = createRedactor();
  for (const secret of stage.secrets) redactor.add(secret);
  const started = stage.now.getTime();
  const needs = (name: string): void => {
    if (!stage.down.has(name)) return;
    const text = `Cannot do ${name}. The token needs the permission "${name}: write". Add it to the job.`;
    throw new UserError("github-permission", text);
  };
  return {
    github: connectGitHub(stage, needs),
    azure: stage.login ? connectAzure(stage, needs) : undefined,
    namespaces: stage.cluster
      ? {
          list: async () => stage.namespaces,
          find: async (name) => stage.namespaces.find((one) => one.name === name),
          annotate: async (name, annotations) =>
            replaceNamed(stage.namespaces, name, (one) => ({
              ...one,
              annotations: { ...one.annotations, ...annotations },
            })),
          remove: async ({ name, uid, resourceVersion }) => {
            const index = stage.namespaces.findIndex((one) => one.name === name);
            const live = stage.namespaces[index];
            if (live === undefined) return "gone";
            if (live.uid !== uid || live.resourceVersion !== resourceVersion) return "changed";
            stage.namespaces.splice(index, 1);
            return "accepted";
          },
        }
      : undefined,
    readJob: async () => ({
      repository: "octo/shop",
      repositoryId: REPOSITORY_ID,
      runId: 77,
      attempt: 1,
      job: "report",
      runnerEnvironment: "github-hosted",
      host: "runner",
      runner: "runner",
      actor: "octocat",
      headSha: SHA,
      pullRequest: undefined,
      runUrl: "https://github.com/octo/shop/actions/runs/77/attempts/1",
      folder: "/home/runner/work/shop",
      environment: { GITHUB_SERVER_URL: "https://github.com" },
    }),
    readEvent: async () => undefined,
    now: () => stage.now,
    monotonic: () => stage.now.getTime() - started,
    sleep: async (milliseconds) => {
      stage.now = new Date(stage.now.getTime() + milliseconds);
    },
    cancelled: new AbortController().signal,
    log: { ...recordLog(() => told), debug: () => undefined },
    redact: redactor.redact,
    summarize: async (markdown) => {
      told.summary += markdown;
    },
    readFile: async (path) => stage.files.get(path),
    listFiles: async (folder) => [...stage.files.keys()].filter((path) => path.startsWith(`${folder}/`)),
    writePreview: async (json) => {
      told.preview = JSON.parse(redactor.redact(json));
      return "/home/runner/work/_temp/preview.json";
    },
  };
}
