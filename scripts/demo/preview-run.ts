import { join } from "node:path";
import { withToken } from "../../test/github/job-token.ts";
import type { Job } from "../../test/runner/job.ts";
import type { Stage } from "./act.ts";
import { listComments } from "./conversation.ts";
import { listPosts } from "./posts.ts";
import { PREVIEW_FOLDER } from "./preview-sources.ts";
import { type Change, PREFIX, type PreviewTeam } from "./preview-team.ts";
import type { RunRecord } from "./run-record.ts";
import { SHOP } from "./shop.ts";
import { REPOSITORY, type Theatre } from "./theatre.ts";
import { recordWorkflow } from "./workflow-run.ts";

/** What made one of the shop's two workflows start. */
export interface PreviewCause {
  readonly number: number;
  readonly change: Change;
  readonly event: "pull_request" | "pull_request_target" | "issue_comment";
  /** What a person writes on the pull request. */
  readonly comment?: string;
}

/** Runs the shop's preview.yml, or preview-end.yml for what happens to the default branch, with the event of now. */
export async function runPreview(
  theatre: Theatre,
  previews: PreviewTeam,
  cause: PreviewCause,
  stage: Stage,
): Promise<RunRecord> {
  const { azure, team, repositoryRoot } = theatre;
  const { shop, previewer, main, machineEnv } = previews;
  const { number, change, event, comment } = cause;
  const { pull, branch, merge } = change;
  const { title } = pull.issue;
  const own = event === "pull_request";
  const workflow = own ? "preview" : "preview-end";
  const api = azure.githubApi;
  const { requests } = azure.traffic;
  const from = requests.length;
  const asked = comment === undefined ? undefined : api.addComment(SHOP.name, pull.number, "mona", comment);
  const run = api.addRun(SHOP.name, { workflow, event, headBranch: branch, headSha: own ? pull.headSha : main });
  const ref = own ? `refs/pull/${pull.number}/merge` : "refs/heads/main";
  if (own) shop.repository.merge(branch);
  else shop.repository.go("main");
  const action = own ? "opened" : "closed";
  const payload =
    asked === undefined ? api.pullEvent(SHOP.name, pull.number, action) : api.commentEvent(SHOP.name, asked.id);
  const record = await recordWorkflow(
    theatre,
    {
      facts: {
        ...{ repository: SHOP.name, number, actor: "mona", event, title, inputs: {} },
        ...{ branch: own ? branch : "main", commit: (own ? pull.headSha : main).slice(0, 7) },
      },
      folder: PREVIEW_FOLDER,
      file: `.github/workflows/${workflow}.yml`,
      token: {
        ...{ repository: SHOP.name, repositoryId: SHOP.id, ownerId: SHOP.ownerId, event, ref, workflow },
        ...(own ? { headRef: branch, baseRef: "main" } : {}),
      },
      source: {
        trigger: event,
        calls: { "OWNER/mayfly": repositoryRoot },
        // Nothing of it runs: these environments are namespaces. The runner fetches each action of a job beforehand.
        replace: { "hashicorp/setup-terraform": join(repositoryRoot, "test/e2e/fixtures/setup-terraform") },
        checkout: shop.repository.folder,
        machineEnv,
        vars: {
          AZURE_CLIENT_ID: previewer,
          AZURE_TENANT_ID: team.tenantId,
          AZURE_SUBSCRIPTION_ID: team.subscriptionId,
          AKS_CLUSTER_ID: previews.team.clusterId,
          MAYFLY_REGISTRY: shop.registry.loginServer,
          MAYFLY_NAME_PREFIX: PREFIX,
        },
        github: {
          ...{ repository: SHOP.name, repository_id: SHOP.id, repository_owner: SHOP.name.split("/")[0] ?? "" },
          ...{ repository_owner_id: SHOP.ownerId, actor: "mona", event_name: event, ref, event: payload },
          ...{ sha: own ? merge : main, run_id: String(run.id), run_number: String(number) },
          ...(own ? { head_ref: branch, base_ref: "main" } : {}),
        },
      },
      dress: (job: Job) => withToken(api, job),
    },
    stage,
  );
  run.complete(record.conclusion);
  const sent = requests.slice(from);
  return {
    ...record,
    conversation: {
      pull: pull.number,
      title,
      comments: listComments(sent, record.jobs),
      state: pull.mergedAt === undefined ? pull.issue.state : "merged",
      posts: listPosts(sent, record.jobs),
      ...(asked === undefined ? {} : { asked: { author: "mona", body: comment ?? "" } }),
    },
  };
}

/** Runs the platform team's nightly cleanup, which sweeps the cluster as well. */
export function runSweep(
  theatre: Theatre,
  { team: { clusterId, machineEnv } }: PreviewTeam,
  number: number,
  stage: Stage,
): Promise<RunRecord> {
  const { name: repository, id: repositoryId, ownerId } = REPOSITORY;
  const event = "schedule";
  const { team } = theatre;
  return recordWorkflow(
    theatre,
    {
      facts: { repository, number, event, actor: undefined, branch: "main" },
      file: ".github/workflows/nightly-cleanup.yml",
      token: { repository, repositoryId, ownerId, event, ref: "refs/heads/main", workflow: "nightly-cleanup" },
      source: {
        trigger: event,
        machineEnv,
        vars: {
          AZURE_REAPER_CLIENT_ID: team.clientId,
          AZURE_TENANT_ID: team.tenantId,
          AZURE_SUBSCRIPTION_ID: team.subscriptionId,
          MAYFLY_CLUSTERS: clusterId,
          MAYFLY_NAME_PREFIX: `${PREFIX}-`,
        },
        github: {
          ...{ event_name: event, repository, repository_id: repositoryId, run_number: String(number) },
          ...{ repository_owner: repository.split("/")[0] ?? "", repository_owner_id: ownerId },
        },
      },
    },
    stage,
  );
}
