import { join } from "node:path";
import { withToken } from "../../test/github/job-token.ts";
import type { CancelPlan } from "../../test/runner/job.ts";
import type { Stage } from "./act.ts";
import { listComments } from "./conversation.ts";
import { ENVIRONMENT_FOLDER } from "./environment-sources.ts";
import { ADMIN_PASSWORD, type EnvironmentTeam, PULL, STATES } from "./environment-team.ts";
import type { RunRecord } from "./run-record.ts";
import { SHOP } from "./shop.ts";
import type { Theatre } from "./theatre.ts";
import { recordWorkflow } from "./workflow-run.ts";

/** What made a run start. */
export interface EnvironmentCause {
  readonly number: number;
  readonly workflow: "environment" | "remove-environment";
  /** The commit that somebody wrote, and the one that is checked out: GitHub's merge of it, or main. */
  readonly commit: string;
  readonly checkedOut: string;
  readonly cancel?: CancelPlan;
}

/** Runs one of the team's two workflows, with what is checked out in its repository. */
export async function runEnvironment(
  theatre: Theatre,
  team: EnvironmentTeam,
  cause: EnvironmentCause,
  stage: Stage,
): Promise<RunRecord> {
  const { number, workflow, commit, cancel } = cause;
  const { api } = team;
  const { requests } = theatre.azure.traffic;
  const event = workflow === "environment" ? "pull_request" : "pull_request_target";
  const ref = workflow === "environment" ? `refs/pull/${PULL.number}/merge` : "refs/heads/main";
  const from = requests.length;
  const run = api.addRun(SHOP.name, { workflow, event, headBranch: PULL.branch, headSha: commit });
  const record = await recordWorkflow(
    theatre,
    {
      facts: {
        ...{ repository: SHOP.name, number, actor: "mona", event, branch: PULL.branch },
        ...{ title: PULL.title, commit: commit.slice(0, 7) },
      },
      folder: ENVIRONMENT_FOLDER,
      file: `.github/workflows/${workflow}.yml`,
      token: {
        ...{ repository: SHOP.name, repositoryId: SHOP.id, ownerId: SHOP.ownerId, event, ref, workflow },
        ...(event === "pull_request" ? { headRef: PULL.branch, baseRef: "main" } : {}),
      },
      source: {
        trigger: event,
        ...(cancel === undefined ? {} : { cancel }),
        ...readTeam(theatre, team),
        github: { ...describeEvent(cause), event_name: event, ref, run_id: String(run.id) },
      },
      dress: (job) => withToken(api, job),
    },
    stage,
  );
  run.complete(record.conclusion);
  const comments = listComments(requests.slice(from), record.jobs);
  return { ...record, conversation: { pull: PULL.number, title: PULL.title, comments } };
}

/** What all runs of the team find. */
function readTeam({ repositoryRoot, team }: Theatre, { repository, deployer, machineEnv }: EnvironmentTeam) {
  const own = (action: string) => [`OWNER/mayfly/actions/${action}`, join(repositoryRoot, "actions", action)];
  return {
    replace: Object.fromEntries(["azure-login", "terraform"].map(own)),
    checkout: repository.folder,
    machineEnv,
    vars: {
      AZURE_CLIENT_ID: deployer,
      AZURE_TENANT_ID: team.tenantId,
      AZURE_SUBSCRIPTION_ID: team.subscriptionId,
      MAYFLY_STATE_ACCOUNT: STATES.account,
      MAYFLY_STATE_CONTAINER: STATES.container,
    },
    secrets: { PREVIEW_ADMIN_PASSWORD: ADMIN_PASSWORD },
  };
}

function describeEvent({ number, workflow, commit, checkedOut }: EnvironmentCause) {
  const home = { full_name: SHOP.name };
  const head = { sha: commit, ref: PULL.branch, repo: home };
  const pull = { number: PULL.number, title: PULL.title, head, base: { ref: "main", repo: home } };
  return {
    repository: SHOP.name,
    repository_id: SHOP.id,
    repository_owner: SHOP.name.split("/")[0] ?? "",
    repository_owner_id: SHOP.ownerId,
    actor: "mona",
    sha: checkedOut,
    ...(workflow === "environment" ? { head_ref: PULL.branch, base_ref: "main" } : {}),
    run_number: String(number),
    event: { action: workflow === "environment" ? "synchronize" : "closed", number: PULL.number, pull_request: pull },
  };
}
