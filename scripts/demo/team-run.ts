import { join } from "node:path";
import { withToken } from "../../test/github/job-token.ts";
import type { Stage } from "./act.ts";
import { DEPLOY_FOLDER } from "./deploy-sources.ts";
import { CLUSTER, type DeployTeam } from "./deploy-team.ts";
import type { RunRecord } from "./run-record.ts";
import { SHOP, type Shop } from "./shop.ts";
import type { Theatre } from "./theatre.ts";
import { recordWorkflow } from "./workflow-run.ts";

const ACTIONS = ["azure-login", "aks-set-context", "helm-deploy", "smoke-test"];
const REF = "refs/heads/main";

/** What starts a workflow of the team's on main. */
export interface TeamCause {
  /** The file's name in `.github/workflows`, without its ending. */
  readonly workflow: string;
  readonly event: "workflow_dispatch" | "schedule";
  readonly number: number;
  readonly title: string;
  readonly commit: string;
  /** What somebody who starts it by hand gives it. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Those of the inputs that the run's page shows. */
  readonly shown?: Readonly<Record<string, string>>;
}

/** Runs a workflow of the team that deploys, with its identity, on the commit that is checked out. */
export async function runTeamWorkflow(
  theatre: Theatre,
  { shop, team }: { readonly shop: Shop; readonly team: DeployTeam },
  cause: TeamCause,
  stage: Stage,
): Promise<RunRecord> {
  const { repositoryRoot, azure } = theatre;
  const { workflow, event, number, title, commit, inputs = {}, shown = {} } = cause;
  const api = azure.githubApi;
  const run = api.addRun(SHOP.name, { workflow, event, headBranch: "main", headSha: commit });
  const own = (action: string) => [`OWNER/mayfly/actions/${action}`, join(repositoryRoot, "actions", action)];
  const actor = event === "schedule" ? undefined : "mona";
  const record = await recordWorkflow(
    theatre,
    {
      facts: {
        ...{ repository: SHOP.name, number, actor, event, branch: "main" },
        ...{ title, commit: commit.slice(0, 7), inputs: shown },
      },
      folder: DEPLOY_FOLDER,
      file: `.github/workflows/${workflow}.yml`,
      token: { ...{ repository: SHOP.name, repositoryId: SHOP.id, ownerId: SHOP.ownerId }, event, ref: REF, workflow },
      source: {
        trigger: event,
        inputs,
        replace: Object.fromEntries(ACTIONS.map(own)),
        checkout: shop.repository.folder,
        machineEnv: team.machineEnv,
        vars: {
          AZURE_CLIENT_ID: team.deployer,
          AZURE_TENANT_ID: theatre.team.tenantId,
          AZURE_SUBSCRIPTION_ID: theatre.team.subscriptionId,
          AKS_CLUSTER: CLUSTER.name,
          AKS_RESOURCE_GROUP: CLUSTER.group,
        },
        github: { ...describeEvent(cause), event_name: event, ref: REF, run_id: String(run.id) },
      },
      dress: (job) => withToken(api, job),
    },
    stage,
  );
  run.complete(record.conclusion);
  return record;
}

function describeEvent({ number, commit, inputs = {} }: TeamCause) {
  return {
    repository: SHOP.name,
    repository_id: SHOP.id,
    repository_owner: SHOP.name.split("/")[0] ?? "",
    repository_owner_id: SHOP.ownerId,
    actor: "mona",
    sha: commit,
    run_number: String(number),
    event: { inputs },
  };
}
