import type { World } from "../../../src/actions/preview/world.ts";
import type { Stage } from "./stage.ts";

/** GitHub as a stage has it. `needs` refuses what the stage says is down. */
export function connectGitHub(stage: Stage, needs: (name: string) => void): World["github"] {
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
    jobs: {
      list: async () => {
        needs("jobs");
        return stage.jobs;
      },
    },
  };
}
