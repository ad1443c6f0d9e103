import type { Clock } from "../azure/clock.ts";
import { asText, bodyJson, emptyResponse, type Json, jsonResponse, type WireResponse } from "../azure/wire.ts";
import type { Account } from "./account.ts";
import { archived } from "./comments.ts";
import { type Deployment, type DeploymentStatus, renderDeployment, renderStatus, stateOf } from "./deployment.ts";
import { failure, unprocessable } from "./failure.ts";
import { page } from "./paging.ts";
import { findCommit, type Repository } from "./repository.ts";
import type { Asking, Route } from "./route.ts";
import type { GitHubSettings } from "./settings.ts";
import { hasRole } from "./tokens.ts";

export interface DeploymentOptions {
  readonly ref: string;
  readonly environment?: string;
  readonly task?: string;
  readonly creator?: string;
  /** What was said of it last; nothing where left out. */
  readonly state?: string;
}

const DOCS = {
  list: "deployments/deployments#list-deployments",
  create: "deployments/deployments#create-a-deployment",
  delete: "deployments/deployments#delete-a-deployment",
  statuses: "deployments/statuses#list-deployment-statuses",
  status: "deployments/statuses#create-a-deployment-status",
};
const STATES: ReadonlySet<unknown> = new Set([
  "error",
  "failure",
  "inactive",
  "in_progress",
  "queued",
  "pending",
  "success",
]);
const LONGEST_DESCRIPTION = 140;
const ACTIVE = "We cannot delete an active deployment unless it is the only deployment in a given environment.";

/** @throws when there is no such commit or branch */
export function addDeployment(
  repository: Repository,
  id: number,
  creator: Account,
  { ref, environment = "production", task = "deploy", state }: DeploymentOptions,
  now: Date,
): Deployment {
  const sha = findCommit(repository, ref);
  if (sha === undefined) throw new Error(`No commit ${ref} in ${repository.fullName}`);
  const deployment: Deployment = {
    id,
    sha,
    ref,
    task,
    environment,
    description: "",
    payload: {},
    transient: false,
    production: environment === "production",
    creator,
    createdAt: now,
    statuses: [],
  };
  if (state !== undefined) addStatus(deployment, id + 1, creator, { state }, now);
  repository.deployments.push(deployment);
  return deployment;
}

export function deploymentRoutes(settings: GitHubSettings, clock: Clock, nextId: () => number): readonly Route[] {
  const shown = ({ createdAt }: Deployment) => createdAt.getTime() + settings.listLagMilliseconds <= clock.time();
  const found = ({ repository }: Asking, id: string | undefined) =>
    repository.deployments.find((each) => `${each.id}` === id);
  const create = ({ repository, grant, request }: Asking): WireResponse => {
    if (repository.archived) return archived(DOCS.create);
    // GitHub hides from whom may not push that there is anything to be made.
    if (!hasRole(grant, repository, "write")) return failure(404, "Not Found", DOCS.create);
    const body = bodyJson(request) ?? {};
    const ref = asText(body["ref"]) ?? "";
    const sha = findCommit(repository, ref);
    if (sha === undefined) return failure(422, `No ref found for: ${ref}`, DOCS.create);
    const pull = [...repository.pulls.values()].find(({ headSha }) => headSha === sha);
    if (body["auto_merge"] !== false && pull?.conflicting === true)
      return failure(409, `Conflict merging ${repository.defaultBranch} into ${ref}.`, DOCS.create);
    const contexts = body["required_contexts"];
    if (!(Array.isArray(contexts) && contexts.length === 0) && isUnfinished(repository, sha)) {
      const errors = [{ contexts: [], resource: "Deployment", field: "required_contexts", code: "invalid" }];
      return failure(409, `Conflict: Commit status checks failed for ${ref}.`, DOCS.create, { errors });
    }
    const environment = asText(body["environment"]) ?? "production";
    const deployment: Deployment = {
      id: nextId(),
      sha,
      ref,
      task: asText(body["task"]) ?? "deploy",
      environment,
      description: asText(body["description"]) ?? "",
      payload: body["payload"] ?? {},
      transient: body["transient_environment"] === true,
      production: body["production_environment"] === true || environment === "production",
      creator: grant.account,
      createdAt: clock.now(),
      statuses: [],
    };
    repository.deployments.push(deployment);
    return jsonResponse(201, renderDeployment(repository, deployment));
  };
  const setStatus = (asking: Asking, deployment: Deployment): WireResponse => {
    const { repository, grant, request } = asking;
    if (repository.archived) return archived(DOCS.status);
    if (!hasRole(grant, repository, "write")) return failure(404, "Not Found", DOCS.status);
    const body = bodyJson(request) ?? {};
    const { state } = body;
    const refuse = (message: string, field: string) =>
      unprocessable(message, DOCS.status, field, "custom", "DeploymentStatus");
    if (!STATES.has(state)) return refuse("state is not included in the list", "state");
    const { length } = `${body["description"] ?? ""}`;
    if (length > LONGEST_DESCRIPTION)
      return refuse(`description is too long (maximum is ${LONGEST_DESCRIPTION} characters)`, "description");
    for (const field of ["environment_url", "log_url"])
      if (!/^(?:https?:\/\/\S+)?$/.test(`${body[field] ?? ""}`))
        return refuse(`${field} must use http(s) scheme`, field);
    const status = addStatus(deployment, nextId(), grant.account, body, clock.now());
    if (state === "success" && body["auto_inactive"] !== false) {
      for (const other of repository.deployments) {
        const lasting = other !== deployment && !other.transient && !other.production;
        if (lasting && other.environment === deployment.environment && stateOf(other) === "success")
          addStatus(other, nextId(), grant.account, { state: "inactive" }, clock.now());
      }
    }
    return jsonResponse(201, renderStatus(repository, deployment, status));
  };
  const remove = ({ repository, grant }: Asking, deployment: Deployment): WireResponse => {
    if (repository.archived) return archived(DOCS.delete);
    if (!hasRole(grant, repository, "write")) return failure(404, "Not Found", DOCS.delete);
    const others = repository.deployments.filter(({ environment }) => environment === deployment.environment);
    if (stateOf(deployment) === "success" && others.length > 1) return failure(422, ACTIVE, DOCS.delete);
    repository.deployments.splice(repository.deployments.indexOf(deployment), 1);
    return emptyResponse(204);
  };
  const withOne =
    (docs: string, work: (asking: Asking, deployment: Deployment) => WireResponse) =>
    (asking: Asking, id: string | undefined): WireResponse => {
      const deployment = found(asking, id);
      return deployment === undefined ? failure(404, "Not Found", docs) : work(asking, deployment);
    };
  const [one, write] = [/^\/deployments\/(\d+)$/, "deployments=write"];
  const statuses = /^\/deployments\/(\d+)\/statuses$/;
  return [
    {
      method: "GET",
      path: /^\/deployments$/,
      accepts: "deployments=read",
      docs: DOCS.list,
      answer: ({ repository, url }) => {
        const asked = (name: string) => url.searchParams.get(name);
        const items = repository.deployments
          .filter(({ sha }) => sha === (asked("sha") ?? sha))
          .filter(({ ref }) => ref === (asked("ref") ?? ref))
          .filter(({ task }) => task === (asked("task") ?? task))
          .filter(({ environment }) => environment === (asked("environment") ?? environment))
          .filter(shown)
          .toReversed()
          .map((each) => renderDeployment(repository, each));
        return page(url, repository.id, "deployments", items);
      },
    },
    {
      method: "POST",
      path: /^\/deployments$/,
      accepts: write,
      docs: DOCS.create,
      makesContent: true,
      answer: create,
    },
    { method: "DELETE", path: one, accepts: write, docs: DOCS.delete, answer: withOne(DOCS.delete, remove) },
    {
      method: "GET",
      path: statuses,
      accepts: "deployments=read",
      docs: DOCS.statuses,
      answer: withOne(DOCS.statuses, ({ repository, url }, deployment) => {
        const items = deployment.statuses.toReversed().map((each) => renderStatus(repository, deployment, each));
        return page(url, repository.id, `deployments/${deployment.id}/statuses`, items);
      }),
    },
    {
      method: "POST",
      path: statuses,
      accepts: write,
      docs: DOCS.status,
      makesContent: true,
      answer: withOne(DOCS.status, setStatus),
    },
  ];
}

function addStatus(deployment: Deployment, id: number, creator: Account, body: Json, now: Date): DeploymentStatus {
  const status: DeploymentStatus = {
    id,
    state: `${body["state"]}`,
    description: asText(body["description"]) ?? "",
    environmentUrl: asText(body["environment_url"]) ?? "",
    logUrl: asText(body["log_url"]) ?? "",
    creator,
    createdAt: now,
  };
  deployment.statuses.push(status);
  return status;
}

/** Whether a check of the commit goes on, or has failed: our own jobs are among them. */
function isUnfinished({ failing, checks }: Repository, sha: string): boolean {
  const good = new Set(["success", "neutral", "skipped"]);
  return failing.has(sha) || checks.some((each) => each.headSha === sha && !good.has(each.conclusion ?? ""));
}
