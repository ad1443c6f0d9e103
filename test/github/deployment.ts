import type { Json } from "../azure/wire.ts";
import { type Account, nodeIdOf, renderAccount } from "./account.ts";
import type { Repository } from "./repository.ts";
import { seconds } from "./runs.ts";

export interface DeploymentStatus {
  readonly id: number;
  readonly state: string;
  readonly description: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly creator: Account;
  readonly createdAt: Date;
}

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  /** What was asked for: a branch, or the commit itself. */
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  readonly description: string;
  readonly payload: unknown;
  readonly transient: boolean;
  readonly production: boolean;
  readonly creator: Account;
  readonly createdAt: Date;
  /** The oldest first. */
  readonly statuses: DeploymentStatus[];
}

/** What was said last; undefined before anybody has said anything. */
export function stateOf({ statuses }: Deployment): string | undefined {
  return statuses.at(-1)?.state;
}

/** As answers show it. */
export function renderDeployment({ fullName, id: repositoryId }: Repository, deployment: Deployment): Json {
  const { id, sha, ref, task, payload, environment, description, creator, transient, production } = deployment;
  const url = `https://api.github.com/repos/${fullName}/deployments/${id}`;
  const updated = deployment.statuses.at(-1)?.createdAt ?? deployment.createdAt;
  return {
    url,
    id,
    node_id: nodeIdOf("DE", repositoryId, id),
    sha,
    ref,
    task,
    payload,
    original_environment: environment,
    environment,
    description,
    creator: renderAccount(creator),
    created_at: seconds(deployment.createdAt),
    updated_at: seconds(updated),
    statuses_url: `${url}/statuses`,
    repository_url: `https://api.github.com/repos/${fullName}`,
    transient_environment: transient,
    production_environment: production,
  };
}

export function renderStatus(
  { fullName, id: repositoryId }: Repository,
  deployment: Deployment,
  status: DeploymentStatus,
): Json {
  const { id, state, description, environmentUrl, logUrl, creator, createdAt } = status;
  const url = `https://api.github.com/repos/${fullName}/deployments/${deployment.id}`;
  return {
    url: `${url}/statuses/${id}`,
    id,
    node_id: nodeIdOf("DES", repositoryId, id),
    state,
    creator: renderAccount(creator),
    description,
    environment: deployment.environment,
    target_url: logUrl,
    created_at: seconds(createdAt),
    updated_at: seconds(createdAt),
    deployment_url: url,
    repository_url: `https://api.github.com/repos/${fullName}`,
    environment_url: environmentUrl,
    log_url: logUrl,
  };
}
