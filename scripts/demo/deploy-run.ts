import { join } from "node:path";
import { withToken } from "../../test/github/job-token.ts";
import type { Stage } from "./act.ts";
import { DEPLOY_FOLDER } from "./deploy-sources.ts";
import { CLUSTER, type DeployTeam } from "./deploy-team.ts";
import type { RunRecord } from "./run-record.ts";
import { SHOP, type Shop } from "./shop.ts";
import type { Theatre } from "./theatre.ts";
import { recordWorkflow } from "./workflow-run.ts";

const ACTIONS = ["azure-login", "aks-set-context", "helm-deploy"];
const WORKFLOW = "deploy";
const REF = "refs/heads/main";

/** What somebody who starts the workflow by hand gives it. */
export interface DeployCause {
  readonly number: number;
  readonly title: string;
  readonly commit: string;
  /** What a build handed on. */
  readonly images: string;
  /** Values for once, as `path=<JSON>`. */
  readonly set: readonly string[];
}

/** Runs the team's deploy.yml on main, as `gh workflow run deploy.yml` does. */
export async function runDeploy(
  theatre: Theatre,
  { shop, team }: { readonly shop: Shop; readonly team: DeployTeam },
  cause: DeployCause,
  stage: Stage,
): Promise<RunRecord> {
  const { repositoryRoot, azure } = theatre;
  const { number, title, commit, images, set } = cause;
  const event = "workflow_dispatch";
  const api = azure.githubApi;
  const run = api.addRun(SHOP.name, { workflow: WORKFLOW, event, headBranch: "main", headSha: commit });
  const own = (action: string) => [`OWNER/mayfly/actions/${action}`, join(repositoryRoot, "actions", action)];
  const record = await recordWorkflow(
    theatre,
    {
      facts: {
        ...{ repository: SHOP.name, number, actor: "mona", event, branch: "main" },
        ...{ title, commit: commit.slice(0, 7) },
        inputs: set.length === 0 ? {} : { "set-json": set.join(" ") },
      },
      folder: DEPLOY_FOLDER,
      file: `.github/workflows/${WORKFLOW}.yml`,
      token: {
        ...{ repository: SHOP.name, repositoryId: SHOP.id, ownerId: SHOP.ownerId },
        ...{ event, ref: REF, workflow: WORKFLOW },
      },
      source: {
        trigger: event,
        inputs: { images, "set-json": set.join("\n") },
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

function describeEvent({ number, commit, images, set }: DeployCause) {
  return {
    repository: SHOP.name,
    repository_id: SHOP.id,
    repository_owner: SHOP.name.split("/")[0] ?? "",
    repository_owner_id: SHOP.ownerId,
    actor: "mona",
    sha: commit,
    run_number: String(number),
    event: { inputs: { images, "set-json": set.join("\n") } },
  };
}
