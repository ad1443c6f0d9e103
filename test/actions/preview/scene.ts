import type { Outcome } from "../../../src/actions/preview/run.ts";
import { run } from "../../../src/actions/preview/run.ts";
import { spec } from "../../../src/actions/preview/spec.ts";
import type { World } from "../../../src/actions/preview/world.ts";
import type { CheckRun, Reaction, RerunAnswer } from "../../../src/github/preview-api.ts";
import type { RepositoryRole } from "../../../src/github/repository-api.ts";
import type { InputsOf } from "../../../src/kit/define-action.ts";
import { inputVariable, readInputs } from "../../../src/kit/read-inputs.ts";
import type { PullRequest } from "../../../src/preview/pull-request.ts";
import { renderExpiry } from "../../../src/ttl/expiry.ts";
import type { GroupFacts } from "../../../src/ttl/facts.ts";
import type { NamespaceFacts } from "../../../src/ttl/namespace.ts";
import { type Event, makeWorld, REPOSITORY, REPOSITORY_ID, SUBSCRIPTION } from "./scene-world.ts";

export type { Event };

export const HEAD = "a".repeat(40);
export const OLD = "b".repeat(40);
export const START = new Date("2026-11-22T06:00:00Z");
const MINUTE_MS = 60_000;

/** Minutes after the beginning. */
export function after(minutes: number): Date {
  return new Date(START.getTime() + minutes * MINUTE_MS);
}

type Tags = Readonly<Record<string, string>>;

/** GitHub, Azure and a cluster in memory, as far as a gate asks them, and one job after the other in them. */
export interface Scene {
  now: Date;
  readonly pulls: Map<number, PullRequest>;
  /** By number of the pull request: the one comment of ours. */
  readonly comments: Map<number, string>;
  /** Every body that was written, in order. */
  readonly written: string[];
  readonly checks: Map<string, CheckRun>;
  readonly reactions: { readonly commentId: number; readonly reaction: Reaction }[];
  readonly roles: Map<string, RepositoryRole>;
  readonly reruns: Map<number, RerunAnswer>;
  readonly restarted: number[];
  readonly groups: Map<string, GroupFacts>;
  readonly namespaces: Map<string, NamespaceFacts>;
  readonly lines: string[];
  readonly warnings: string[];
  readonly summaries: string[];
  /** What is refused, by what is asked: `listByTag`, `comments.write`, … */
  readonly faults: Map<string, unknown>;
  /** Called before each sleep, with its length: what happens meanwhile. */
  onSleep: (milliseconds: number) => void;
  /** Called before ARM is asked for groups. */
  onLook: () => void;
  hasLogin: boolean;
  hasCluster: boolean;
  cancel(): void;
}

export function createScene(): Scene & { world(event: Event): World } {
  const controller = new AbortController();
  const scene: Scene & { world(event: Event): World } = {
    now: START,
    pulls: new Map(),
    comments: new Map(),
    written: [],
    checks: new Map(),
    reactions: [],
    roles: new Map([["octo", "write"]]),
    reruns: new Map(),
    restarted: [],
    groups: new Map(),
    namespaces: new Map(),
    lines: [],
    warnings: [],
    summaries: [],
    faults: new Map(),
    onSleep: () => undefined,
    onLook: () => undefined,
    hasLogin: true,
    hasCluster: false,
    cancel: () => controller.abort(),
    world: (event) => makeWorld(scene, event, controller.signal),
  };
  return scene;
}

/** A pull request's event as it is now. */
export function pullEvent(pull: PullRequest, action: string, more: object = {}): Event {
  const event = ["closed", "unlabeled"].includes(action) ? "pull_request_target" : "pull_request";
  return {
    name: event,
    payload: { action, pull_request: { number: pull.number, head: { sha: pull.headSha } }, ...more },
  };
}

export function commentEvent(issue: number, body: string, login = "octo", more: object = {}): Event {
  const payload = {
    action: "created",
    issue: { number: issue, pull_request: { url: "…" } },
    comment: { id: 77, body, user: { login } },
    ...more,
  };
  return { name: "issue_comment", payload };
}

export function addPull(scene: Scene, number: number, change: Partial<PullRequest> = {}): PullRequest {
  const pull: PullRequest = {
    number,
    state: "open",
    merged: false,
    draft: false,
    title: "A shop",
    labels: [],
    author: "octo",
    headSha: HEAD,
    headRef: "shop",
    headRepository: REPOSITORY,
    baseRef: "main",
    url: `https://github.com/${REPOSITORY}/pull/${number}`,
    ...change,
  };
  scene.pulls.set(number, pull);
  return pull;
}

/** A commit of its own for each number. */
export function shaOf(number: number): string {
  return number.toString(16).padStart(40, "c");
}

export function addGroup(scene: Scene, environment: string, tags: Tags = {}, change: Partial<GroupFacts> = {}): void {
  const name = change.name ?? `mayfly-${environment}`;
  const group: GroupFacts = {
    id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/${name}`,
    subscriptionId: SUBSCRIPTION,
    name,
    location: "westeurope",
    tags: {
      "auto-destroy": "true",
      "expires-at": renderExpiry(after(180)),
      "mayfly-repository-id": REPOSITORY_ID,
      "mayfly-environment": environment,
      "mayfly-head-sha": HEAD,
      ...tags,
    },
    managedBy: undefined,
    provisioningState: "Succeeded",
    ...change,
  };
  scene.groups.set(name, group);
}

export function addNamespace(scene: Scene, environment: string, annotations: Tags = {}, labels: Tags = {}): void {
  scene.hasCluster = true;
  scene.namespaces.set(environment, {
    name: environment,
    uid: "1",
    resourceVersion: "1",
    labels: {
      "auto-destroy": "true",
      "mayfly-repository-id": REPOSITORY_ID,
      "mayfly-environment": environment,
      ...labels,
    },
    annotations: { "expires-at": renderExpiry(after(180)), "mayfly-head-sha": HEAD, ...annotations },
    deleting: false,
  });
}

export function endOf(scene: Scene, group: string): string | undefined {
  return scene.groups.get(group)?.tags["expires-at"];
}

/** The action's inputs as the kit reads them, so that the defaults in a test are the real ones. */
export function inputs(command: string, given: Tags = {}): InputsOf<typeof spec> {
  const all = { command, "github-token": "token", ...given };
  const environment = Object.fromEntries(Object.entries(all).map(([name, value]) => [inputVariable(name), value]));
  return readInputs(spec, environment, () => undefined);
}

/** Runs a command of the action for an event. */
export function act(
  scene: { world(event: Event): World },
  event: Event,
  given: Tags = {},
  command = "gate",
): Promise<Outcome> {
  return run(inputs(command, given), scene.world(event));
}
