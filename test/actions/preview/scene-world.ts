import type { JobFacts } from "../../../src/actions/job-facts.ts";
import type { World } from "../../../src/actions/preview/world.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import { recordLog } from "../recording-log.ts";
import type { Scene } from "./scene.ts";

export const REPOSITORY = "octo/shop";
export const REPOSITORY_ID = "4711";
export const SUBSCRIPTION = "5ab00000-0000-4000-8000-000000000001";

/** An event as the runner tells it. */
export interface Event {
  readonly name: string;
  readonly payload: unknown;
  readonly runId?: number;
  readonly attempt?: number;
}

function jobOf({ name, runId = 900, attempt = 1 }: Event): JobFacts {
  return {
    repository: REPOSITORY,
    repositoryId: REPOSITORY_ID,
    runId,
    attempt,
    job: "gate",
    runnerEnvironment: "github-hosted",
    host: "runner",
    runner: "runner",
    actor: "octo",
    headSha: "",
    pullRequest: undefined,
    runUrl: `https://github.com/${REPOSITORY}/actions/runs/${runId}/attempts/${attempt}`,
    folder: "/home/runner/work",
    environment: { GITHUB_EVENT_NAME: name, GITHUB_SERVER_URL: "https://github.com" },
  };
}

/** The world of one job in a scene. */
export function makeWorld(scene: Scene, event: Event, cancelled: AbortSignal): World {
  const asked = (what: string): void => {
    const fault = scene.faults.get(what);
    if (fault !== undefined) throw fault;
  };
  const never = async (): Promise<never> => {
    throw new Error("a gate has no business here");
  };
  return {
    github: {
      pulls: {
        find: async (_, number) => {
          asked("pulls.find");
          return scene.pulls.get(number);
        },
        listOpen: async () => {
          asked("pulls.listOpen");
          return [...scene.pulls.values()].filter(({ state }) => state === "open");
        },
      },
      ownComments: {
        find: async (_, issue) => {
          asked("comments.find");
          const body = scene.comments.get(issue);
          return body === undefined ? undefined : { id: issue, body, url: `https://github.com/c/${issue}` };
        },
      },
      comments: {
        write: async ({ issue, body, onlyExisting }) => {
          asked("comments.write");
          if (onlyExisting === true && !scene.comments.has(issue)) return undefined;
          scene.comments.set(issue, body);
          scene.written.push(body);
          return `https://github.com/c/${issue}`;
        },
      },
      reactions: {
        add: async (_, commentId, reaction) => {
          asked("reactions.add");
          scene.reactions.push({ commentId, reaction });
        },
      },
      checks: {
        write: async (_, check) => {
          asked("checks.write");
          const id = scene.checks.size + 1;
          scene.checks.set(check.headSha, {
            ...check,
            id,
            externalId: check.externalId ?? "",
            startedAt: scene.now,
          });
          return `https://github.com/checks/${id}`;
        },
        find: async (_, sha) => {
          asked("checks.find");
          return scene.checks.get(sha);
        },
      },
      deployments: { list: never, create: never, setStatus: never, delete: never },
      reruns: {
        start: async (_, runId) => {
          const answer = scene.reruns.get(runId) ?? "started";
          if (answer === "started") scene.restarted.push(runId);
          return answer;
        },
      },
      jobs: { list: async () => [] },
      roles: {
        find: async (_, login) => {
          asked("roles.find");
          return scene.roles.get(login) ?? "read";
        },
      },
    },
    azure: scene.hasLogin
      ? {
          subscriptionId: SUBSCRIPTION,
          groups: {
            listByTag: async (_, name, value) => {
              scene.onLook();
              asked("listByTag");
              return [...scene.groups.values()].filter(({ tags }) => tags[name] === value);
            },
            mergeTags: async (id, tags) => {
              asked("mergeTags");
              const group = [...scene.groups.values()].find((one) => one.id === id);
              if (group === undefined) throw new UserError("arm-not-found", "gone");
              scene.groups.set(group.name, { ...group, tags: { ...group.tags, ...tags } });
            },
            list: () => {
              throw new Error("a gate has no business here");
            },
            find: never,
            reserveDelete: never,
            delete: never,
            findOperation: never,
          },
          barriers: { listLocks: never, listDenyAssignments: never },
          armSkewMs: () => 0,
          stateContainer: () => {
            throw new Error("a gate has no business here");
          },
        }
      : undefined,
    namespaces: scene.hasCluster
      ? {
          list: async (selector) => {
            asked("namespaces.list");
            const [label = "", value] = selector.split("=");
            return [...scene.namespaces.values()].filter(({ labels }) => labels[label] === value);
          },
          find: async (name) => scene.namespaces.get(name),
          annotate: async (name, annotations) => {
            const namespace = scene.namespaces.get(name);
            if (namespace === undefined) throw new Error("gone");
            scene.namespaces.set(name, { ...namespace, annotations: { ...namespace.annotations, ...annotations } });
          },
          remove: never,
        }
      : undefined,
    readJob: async () => jobOf(event),
    readEvent: async () => event.payload,
    now: () => scene.now,
    monotonic: () => scene.now.getTime(),
    sleep: async (milliseconds) => {
      scene.now = new Date(scene.now.getTime() + milliseconds);
      scene.onSleep(milliseconds);
    },
    cancelled,
    log: { ...recordLog(() => scene), debug: () => undefined },
    redact: (text) => text.replaceAll("hunter2", "***"),
    summarize: async (markdown) => void scene.summaries.push(markdown),
    readFile: async () => undefined,
    listFiles: async () => [],
    writePreview: never,
  };
}
