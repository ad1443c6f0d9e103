import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { openActStage, type StageRun } from "../act/act-stage.ts";
import type { Pull } from "../github/pulls.ts";
import { startBuildkitd } from "../image-tools/buildkitd.ts";
import { needTools } from "../image-tools/need-tools.ts";
import { createAzurermMirror } from "../terraform/azurerm-mirror.ts";
import { needTerraform } from "../terraform/need-terraform.ts";
import { actEnvironment } from "./act-environment.ts";
import { listConsumerFiles } from "./act-preview-consumer.ts";
import { type HelmScene, openHelmScene } from "./helm-scene.ts";
import { repositoryRoot } from "./scene.ts";
import { ACCOUNT, CONTAINER } from "./terraform-scene.ts";

/** A consumer with the two files of examples/previews, an image, a configuration of terraform, a chart and a smoke test. */
export interface ActPreviewScene extends AsyncDisposable {
  readonly scene: HelmScene;
  /** The pull request's head. */
  readonly sha: string;
  readonly repository: string;
  readonly pull: Pull;
  /** Of pull request 12's namespace in the shared cluster. */
  readonly namespace: string;
  /** Its load balancer's name, without the region's zone. */
  readonly label: string;
  /** Runs one of the two files on an event of the pull request, with a token that may what the file grants. */
  run(workflow: string, event: PullEvent): Promise<StageRun>;
}

/** What happened to the pull request. */
export interface PullEvent {
  readonly name: "pull_request" | "pull_request_target";
  readonly action: string;
  readonly permissions: Readonly<Record<string, string>>;
}

export async function openActPreviewScene(): Promise<ActPreviewScene> {
  needTerraform();
  await using opened = new AsyncDisposableStack();
  // Environments of a shared cluster are told apart by the repository's id: other tests use the same cluster.
  const own = randomBytes(3).toString("hex");
  const repositoryId = `${randomInt(100_000_000, 590_000_000)}`;
  const repository = "octo/previews";
  const job = { repository, repositoryId, event: "pull_request", ref: "refs/pull/12/merge", environment: "preview" };
  const scene = opened.use(await openHelmScene({ role: "Contributor", job, objectId: randomUUID() }));
  const { azure, team, aks, registry, cluster } = scene;
  team.assign("AcrPush", registry);
  team.assign("AcrDelete", registry);
  const storage = azure.blobs.addAccount({
    name: ACCOUNT,
    subscriptionId: team.subscriptionId,
    containers: [CONTAINER],
  });
  team.assign("Storage Blob Data Contributor", storage.containerId(CONTAINER));
  azure.githubApi.addRepository({ name: repository, id: Number(repositoryId) });
  // Inside the cluster the identity may what whoever makes namespaces has to; no other test's identity may.
  const binding = `act-${own}`;
  const subject = ["--clusterrole=cluster-admin", `--user=${team.principal.objectId}`];
  await cluster.kubectl("create", "clusterrolebinding", binding, ...subject);
  opened.defer(async () => void (await cluster.kubectl("delete", "clusterrolebinding", binding)));
  const namespace = `act-${own}-pr-12-${repositoryId}`;
  opened.defer(
    async () => void (await cluster.kubectl("delete", "namespace", namespace, "--ignore-not-found", "--wait=false")),
  );
  const buildkitd = opened.use(await startBuildkitd({ scratch: scene.scratch, proxyEnv: scene.proxy.env }));
  const mirror = await createAzurermMirror(join(scene.scratch, "mirror"));
  const { helm, kubectl } = needTools("helm", "kubernetes");
  const host = new URL(cluster.server).hostname;
  const { machineEnv, secrets } = actEnvironment(scene, {});
  const stage = opened.use(
    openActStage({
      root: repositoryRoot,
      files: listConsumerFiles(own),
      foreign: { "hashicorp/setup-terraform": join(import.meta.dirname, "../act/fixtures/nothing") },
      machineEnv: {
        ...machineEnv,
        ...buildkitd.env,
        ...mirror.env,
        DOCKER_HOST: `unix://${scene.scratch}/no-engine`,
        GO_AZURE_SDK_SKIP_POLLING_DELAY: "true",
        NODE_NO_WARNINGS: "1",
        // Names of cloudapp.azure.com lead to load balancers of the cluster, in plain HTTP, too.
        HTTP_PROXY: scene.proxy.url,
        http_proxy: scene.proxy.url,
        NO_PROXY: host,
        no_proxy: host,
        PATH: [dirname(helm), dirname(kubectl), process.env["PATH"] ?? ""].join(":"),
      },
      secrets,
      vars: {
        AZURE_CLIENT_ID: team.clientId,
        AZURE_TENANT_ID: team.tenantId,
        AZURE_SUBSCRIPTION_ID: team.subscriptionId,
        AKS_CLUSTER_ID: aks.id,
        MAYFLY_REGISTRY: registry.loginServer,
        MAYFLY_STATE_ACCOUNT: ACCOUNT,
        MAYFLY_STATE_CONTAINER: CONTAINER,
        MAYFLY_NAME_PREFIX: `act-${own}`,
      },
    }),
  );
  const pull = azure.githubApi.addPullRequest(repository, { number: 12, headRef: "feature", headSha: stage.sha });
  const lifetime = opened.move();
  return {
    scene,
    sha: stage.sha,
    repository,
    pull,
    namespace,
    label: `act-${own}-pr-12`,
    run: (workflow, { name, action, permissions }) =>
      stage.run({
        workflow,
        github: {
          event_name: name,
          event: azure.githubApi.pullEvent(repository, pull.number, action),
          repository,
          repository_id: repositoryId,
          ref: name === "pull_request" ? `refs/pull/${pull.number}/merge` : "refs/heads/main",
          head_ref: pull.headRef,
          base_ref: pull.baseRef,
        },
        secrets: { GITHUB_TOKEN: azure.githubApi.createToken({ repository, permissions }) },
      }),
    [Symbol.asyncDispose]: () => lifetime.disposeAsync(),
  };
}
