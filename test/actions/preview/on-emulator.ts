import type { World } from "../../../src/actions/preview/world.ts";
import { connectArm } from "../../../src/azure/arm.ts";
import { connectBarriers } from "../../../src/azure/barriers.ts";
import { chooseCloud } from "../../../src/azure/cloud.ts";
import { connectCredential } from "../../../src/azure/credential.ts";
import { connectEnvironmentGroups } from "../../../src/azure/environment-groups.ts";
import { connectResourceGroups } from "../../../src/azure/resource-groups.ts";
import { connectGitHub } from "../../../src/github/connect-github.ts";
import { renderExpiry } from "../../../src/ttl/expiry.ts";
import { createAzure } from "../../azure/azure.ts";
import { addTeam, type TeamOptions } from "../../azure/team.ts";
import { createFetch } from "../../github/fetch.ts";
import { recordLog } from "../recording-log.ts";
import type { Event } from "./scene.ts";

const REPOSITORY = "octo/shop";
const REPOSITORY_ID = "599293758";
/** What decisions.md lets a preview's job have. */
const PERMISSIONS = {
  contents: "read",
  "pull-requests": "write",
  deployments: "write",
  checks: "write",
  actions: "read",
};
const HOUR_MS = 3_600_000;

interface Options {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly role?: NonNullable<TeamOptions["role"]>;
}

/** A world whose GitHub and Azure are the emulator's, through octokit and the Azure SDK, on a frozen clock. */
export function meet({ permissions = PERMISSIONS, role = "Contributor" }: Options = {}) {
  const azure = createAzure({ now: new Date("2026-11-22T06:00:00Z"), frozen: true });
  const team = addTeam(azure);
  const { subscriptionId, tenantId, clientId, job } = team;
  team.assign(role, `/subscriptions/${subscriptionId}`);
  const { clock, githubApi: api } = azure;
  api.addRepository({ name: REPOSITORY, id: REPOSITORY_ID, collaborators: { mona: "write", hubot: "read" } });
  const cancelled = new AbortController().signal;
  const sleep = async (milliseconds: number): Promise<void> => void clock.advance(milliseconds);
  const time = { now: clock.now, sleep, left: () => HOUR_MS, random: () => 0.5, monotonic: () => clock.time() };
  const far = { ...time, cancelled, environment: {}, httpClient: azure.httpClient(), mask: () => undefined };
  const cloud = chooseCloud({
    cloud: "public",
    authorityHost: undefined,
    resourceManager: undefined,
    audience: undefined,
  });
  const idToken = async (audience: string) => azure.github.idToken(job, audience);
  const credential = connectCredential({ ...far, cloud, tenantId, clientId, idToken });
  const arm = connectArm({ ...far, cloud, credential, time });
  const said = { lines: [] as string[], warnings: [] as string[], summaries: [] as string[] };
  const never = async (): Promise<never> => {
    throw new Error("a gate has no business here");
  };
  /** The world of one job, with a token of its own. */
  const world = (event: Event, token = api.createToken({ repository: REPOSITORY, permissions })): World => ({
    github: connectGitHub({ token, environment: {}, time, cancelled, fetch: createFetch(azure) }),
    azure: {
      subscriptionId,
      groups: { ...connectEnvironmentGroups(arm), ...connectResourceGroups(arm) },
      barriers: connectBarriers(arm),
      armSkewMs: arm.skewMs,
      stateContainer: () => {
        throw new Error("a gate has no business here");
      },
    },
    namespaces: undefined,
    readJob: async () => ({
      repository: REPOSITORY,
      repositoryId: REPOSITORY_ID,
      runId: event.runId ?? 900,
      attempt: event.attempt ?? 1,
      job: "gate",
      runnerEnvironment: "github-hosted",
      host: "runner",
      runner: "runner",
      actor: "mona",
      headSha: "",
      pullRequest: undefined,
      runUrl: `https://github.com/${REPOSITORY}/actions/runs/900`,
      folder: "/home/runner/work",
      environment: { GITHUB_EVENT_NAME: event.name },
    }),
    readEvent: async () => event.payload,
    now: clock.now,
    monotonic: () => clock.time(),
    sleep,
    cancelled,
    log: { ...recordLog(() => said), debug: () => undefined },
    redact: (text) => text,
    summarize: async (markdown) => void said.summaries.push(markdown),
    readFile: async () => undefined,
    listFiles: async () => [],
    writePreview: never,
  });
  return {
    azure,
    api,
    team,
    said,
    world,
    addGroup: (environment: string, tags: Readonly<Record<string, string>> = {}) =>
      azure.arm.addResourceGroup({
        subscriptionId,
        name: `mayfly-${environment}`,
        tags: {
          "auto-destroy": "true",
          "expires-at": renderExpiry(new Date(clock.time() + HOUR_MS)),
          "mayfly-repository-id": REPOSITORY_ID,
          "mayfly-environment": environment,
          ...tags,
        },
      }),
    tagsOf: (environment: string) =>
      azure.arm.find(`/subscriptions/${subscriptionId}/resourceGroups/mayfly-${environment}`)?.body["tags"],
    pullEvent: (number: number, action: string, more: object = {}): Event => ({
      name: ["closed", "unlabeled"].includes(action) ? "pull_request_target" : "pull_request",
      payload: api.pullEvent(REPOSITORY, number, action, { ...more }),
    }),
    /** Somebody comments; the event of it. */
    comment: (number: number, author: string, body: string): Event & { readonly id: number } => {
      const { id } = api.addComment(REPOSITORY, number, author, body);
      return { id, name: "issue_comment", payload: api.commentEvent(REPOSITORY, id) };
    },
    ours: (number: number) => api.comments(REPOSITORY, number).filter(({ author }) => author === "github-actions[bot]"),
  };
}
