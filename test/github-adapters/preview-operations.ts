import { MARKER, type Meeting, meet, REPOSITORY } from "./on-github.ts";

/** One thing that previews ask of GitHub, on a pull request where all of it can go well. */
export interface Operation {
  readonly name: string;
  /** What the token has to have, as a workflow writes it. */
  readonly permission: string;
  readonly method: "GET" | "POST" | "DELETE";
  ask(scene: Scene): Promise<unknown>;
}

export interface Scene extends Meeting {
  readonly headSha: string;
  readonly commentId: number;
  readonly deploymentId: number;
  readonly runId: number;
}

/** Everything is there: a comment of ours, a deployment, a run that is over, with every permission or these. */
export function setUp(permissions: Readonly<Record<string, string>> = ALL): Scene {
  const meeting = meet({ permissions });
  const { api } = meeting;
  const { headSha } = api.pull(REPOSITORY, 12);
  const { id: commentId } = api.addComment(REPOSITORY, 12, "github-actions[bot]", `${MARKER}\nDeployed.`);
  const options = { ref: headSha, environment: "preview", task: "mayfly:pr-12" };
  const { id: deploymentId } = api.addDeployment(REPOSITORY, options);
  const run = api.addRun(REPOSITORY);
  run.complete();
  return { ...meeting, headSha, commentId, deploymentId, runId: run.id };
}

export const ALL = {
  contents: "read",
  "pull-requests": "write",
  checks: "write",
  deployments: "write",
  actions: "write",
};

export const OPERATIONS: readonly Operation[] = [
  {
    name: "looking at a pull request",
    permission: "pull-requests: read",
    method: "GET",
    ask: ({ github }) => github.pulls.find(REPOSITORY, 12),
  },
  {
    name: "listing what is open",
    permission: "pull-requests: read",
    method: "GET",
    ask: ({ github }) => github.pulls.listOpen(REPOSITORY),
  },
  {
    name: "reading our comment",
    permission: "pull-requests: read",
    method: "GET",
    ask: ({ github }) => github.ownComments.find(REPOSITORY, 12, MARKER),
  },
  {
    name: "reacting",
    permission: "pull-requests: write",
    method: "POST",
    ask: ({ github, commentId }) => github.reactions.add(REPOSITORY, commentId, "eyes"),
  },
  {
    name: "looking for a check",
    permission: "checks: write",
    method: "GET",
    ask: ({ github, headSha }) => github.checks.find(REPOSITORY, headSha, "Mayfly preview"),
  },
  {
    name: "writing a check",
    permission: "checks: write",
    method: "POST",
    ask: ({ github, headSha }) =>
      github.checks.write(REPOSITORY, {
        name: "Mayfly preview",
        headSha,
        conclusion: "neutral",
        title: "Queued",
        summary: "Position 3.",
      }),
  },
  {
    name: "listing deployments",
    permission: "deployments: write",
    method: "GET",
    ask: ({ github }) => github.deployments.list(REPOSITORY, "preview", "mayfly:pr-12"),
  },
  {
    name: "making a deployment",
    permission: "deployments: write",
    method: "POST",
    ask: ({ github, headSha }) => github.deployments.create(REPOSITORY, { ...DEPLOYMENT, sha: headSha }),
  },
  {
    name: "setting a deployment's status",
    permission: "deployments: write",
    method: "POST",
    ask: ({ github, deploymentId }) =>
      github.deployments.setStatus(REPOSITORY, deploymentId, { state: "success", description: "Smoke-tested." }),
  },
  {
    name: "deleting a deployment",
    permission: "deployments: write",
    method: "DELETE",
    ask: ({ github, deploymentId }) => github.deployments.delete(REPOSITORY, deploymentId),
  },
];

const DEPLOYMENT = { environment: "preview", task: "mayfly:pr-13", payload: { "pull-request": 13 } };
