import { run } from "../../../src/actions/preview/run.ts";
import { spec } from "../../../src/actions/preview/spec.ts";
import type { AzureWorld, World } from "../../../src/actions/preview/world.ts";
import type { StateBlobFacts } from "../../../src/azure/state-container.ts";
import type { Deployment, DeploymentStatus, NewCheckRun } from "../../../src/github/preview-api.ts";
import type { Result } from "../../../src/kit/define-action.ts";
import { createRedactor } from "../../../src/kit/masking.ts";
import { inputVariable, readInputs } from "../../../src/kit/read-inputs.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import type { PullRequest } from "../../../src/preview/pull-request.ts";
import type { GroupFacts, Lock } from "../../../src/ttl/facts.ts";
import type { NamespaceFacts } from "../../../src/ttl/namespace.ts";
import { recordLog } from "../recording-log.ts";
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
    groups: [group("foundation", { tags: {} })],
    namespaces: [],
    locks: [],
    blobs: new Map(),
    files: new Map(),
    secrets: [],
    stuck: new Set(),
    down: new Set(),
    login: true,
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
    namespaces: {
      list: async () => stage.namespaces,
      find: async (name) => stage.namespaces.find((one) => one.name === name),
      annotate: async (name, annotations) =>
        replace(stage.namespaces, name, (one) => ({ ...one, annotations: { ...one.annotations, ...annotations } })),
      remove: async ({ name, uid, resourceVersion }) => {
        const index = stage.namespaces.findIndex((one) => one.name === name);
        const live = stage.namespaces[index];
        if (live === undefined) return "gone";
        if (live.uid !== uid || live.resourceVersion !== resourceVersion) return "changed";
        stage.namespaces.splice(index, 1);
        return "accepted";
      },
    },
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

function connectGitHub(stage: Stage, needs: (name: string) => void): World["github"] {
  const unused = (): never => {
    throw new Error("nobody asks for this here");
  };
  return {
    pulls: {
      find: async (_, number) => {
        needs("pulls");
        return stage.pull?.number === number ? stage.pull : undefined;
      },
      listOpen: unused,
    },
    ownComments: {
      find: async (_, issue, marker) => {
        needs("comments");
        const body = stage.comments.get(issue);
        return body?.startsWith(marker) ? { id: 1, body, url: `https://github.com/c/${issue}` } : undefined;
      },
    },
    comments: {
      write: async ({ issue, marker, body, onlyExisting = false }) => {
        needs("comments");
        if (onlyExisting && !stage.comments.has(issue)) return undefined;
        stage.comments.set(issue, body.startsWith(marker) ? body : `${marker}\n${body}`);
        return `https://github.com/c/${issue}`;
      },
    },
    reactions: { add: unused },
    checks: {
      write: async (_, check) => {
        needs("checks");
        stage.checks.push(check);
        return "https://github.com/check";
      },
      find: unused,
    },
    deployments: {
      list: async (_, environment, task) => {
        needs("deployments");
        return stage.deployments
          .filter((one) => one.environment === environment && one.task === task)
          .toSorted((a, b) => b.id - a.id);
      },
      create: async (_, { sha, environment, task }) => {
        const made = { id: stage.deployments.length + 1, sha, environment, task, createdAt: stage.now, statuses: [] };
        stage.deployments.push(made);
        return made;
      },
      setStatus: async (_, id, status) => {
        stage.deployments.find((one) => one.id === id)?.statuses.push(status);
      },
      delete: async (_, id) => {
        const index = stage.deployments.findIndex((one) => one.id === id);
        stage.deployments.splice(index, 1);
        return true;
      },
    },
    reruns: { start: unused },
    roles: { find: unused },
  };
}

/** ARM takes half a minute for a group. */
const DELETE_MS = 30_000;

function connectAzure(stage: Stage, needs: (name: string) => void): AzureWorld {
  const goneAt = new Map<string, number>();
  const look = (): readonly GroupFacts[] => {
    needs("arm");
    stage.onLook();
    for (const [name, at] of goneAt) {
      const index = stage.groups.findIndex((one) => one.name === name);
      if (index >= 0 && stage.now.getTime() >= at) stage.groups.splice(index, 1);
    }
    return [...stage.groups];
  };
  return {
    subscriptionId: SUBSCRIPTION,
    groups: {
      listByTag: async (_, name, value) => look().filter(({ tags }) => tags[name] === value),
      mergeTags: async (id, tags) =>
        replace(stage.groups, id.split("/").at(-1) ?? "", (one) => ({ ...one, tags: { ...one.tags, ...tags } })),
      list: async function* () {
        yield* look();
      },
      find: async (_, name) => look().find((one) => one.name === name),
      reserveDelete: async () => undefined,
      delete: async (_, name) => {
        replace(stage.groups, name, (one) => ({ ...one, provisioningState: "Deleting" }));
        if (!stage.stuck.has(name)) goneAt.set(name, stage.now.getTime() + DELETE_MS);
        return { kind: "accepted", operation: undefined };
      },
      findOperation: async () => ({ kind: "pending", retryAfterMs: undefined }),
    },
    barriers: { listLocks: async () => stage.locks, listDenyAssignments: async () => [] },
    armSkewMs: () => 0,
    stateContainer: () => ({
      find: async (name) => toFacts(name, stage.blobs.get(name)),
      read: async (name) => {
        const blob = stage.blobs.get(name);
        return blob === undefined ? undefined : Buffer.from(blob.text);
      },
      write: async () => {
        throw new Error("nobody writes states here");
      },
      delete: async (name) => (stage.blobs.delete(name) ? "deleted" : "absent"),
      list: async (prefix) => [...stage.blobs.keys()].filter((name) => name.startsWith(prefix)),
      breakLease: async () => {
        throw new Error("nobody breaks leases here");
      },
    }),
  };
}

function toFacts(name: string, blob: Blob | undefined): StateBlobFacts | undefined {
  if (blob === undefined) return undefined;
  const lease = { state: blob.lease ?? "available", infinite: blob.lease === "leased" };
  return { name, size: blob.text.length, etag: "1", lastModified: NOW, metadata: {}, lease };
}

function replace<T extends { readonly name: string }>(all: T[], name: string, change: (one: T) => T): void {
  const index = all.findIndex((one) => one.name === name);
  const one = all[index];
  if (one !== undefined) all[index] = change(one);
}
