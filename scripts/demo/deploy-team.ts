import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { addCluster } from "../../test/azure/aks/add-cluster.ts";
import { listAttachments } from "../../test/cluster/door/attachments.ts";
import { clusterHome, readLayout } from "../../test/cluster/layout.ts";
import { ensureNode } from "../../test/cluster/start-cluster.ts";
import { startCluster, type TestCluster } from "../../test/cluster/test-cluster.ts";
import { nameGroup } from "./cleanup-fleet.ts";
import { findDeployPrograms } from "./cluster-tools.ts";
import { addIdentity } from "./identity.ts";
import { LOGIN_SERVER, SHOP, type Shop } from "./shop.ts";
import { REPOSITORY, type Theatre } from "./theatre.ts";

/** The cluster as Azure calls it, and the namespace of the environment `test`. */
export const CLUSTER = { name: "shop", group: nameGroup("foundation", REPOSITORY.id) } as const;
export const NAMESPACE = "shop-test";
export const ENVIRONMENT = "test";

/** What the acts about a deployment share. */
export interface DeployTeam {
  readonly cluster: TestCluster;
  /** The cluster's id in Azure. */
  readonly clusterId: string;
  /** Client id of the identity that deploys. */
  readonly deployer: string;
  /** What a job on this machine needs to reach the emulator and the cluster. */
  readonly machineEnv: Readonly<Record<string, string>>;
}

/**
 * Sets up cluster, namespace and identity. Azure is emulated and the Kubernetes behind it is real: its node pulls from
 * the emulated registry with the identity that the cluster has there, and its API server takes the emulator's tokens.
 */
export async function openDeployTeam(theatre: Theatre, { registry }: Shop): Promise<DeployTeam> {
  const { azure, team, proxy, closing } = theatre;
  const cluster = await borrowCluster(theatre);
  const aks = addCluster(azure, {
    subscriptionId: team.subscriptionId,
    resourceGroup: CLUSTER.group,
    name: CLUSTER.name,
  });
  const programs = findDeployPrograms();
  azure.aks.connect(aks.id, {
    server: cluster.server,
    caPem: cluster.ca,
    adminKubeconfig: readFileSync(cluster.kubeconfig, "utf8"),
    path: programs.join(delimiter),
    issuer: await cluster.issuer(),
  });
  azure.arm.assignRole(aks.kubelet.objectId, "AcrPull", registry.id);
  const { tenantId } = team;
  const kubelet = principalOf(theatre, aks.kubelet.clientId);
  closing.use(await cluster.attach({ azure, proxy, tenantId, kubelet, registries: [LOGIN_SERVER] }));
  const deployer = addIdentity(theatre, {
    name: "mayfly-test",
    subject: `repo:${SHOP.name}:environment:${ENVIRONMENT}`,
    roles: [["Azure Kubernetes Service Cluster User Role", aks.id]],
  });
  await makeNamespace(theatre, cluster, principalOf(theatre, deployer).objectId);
  azure.githubApi.addRepository({ name: SHOP.name, id: Number(SHOP.id), collaborators: { mona: "write" } });
  const scratch = mkdtempSync(join(tmpdir(), "mayfly-deploy-"));
  closing.defer(() => rmSync(scratch, { recursive: true, force: true }));
  // No runner has a proxy between it and an address of its own network.
  const direct = new URL(cluster.server).hostname;
  const path = [...programs, process.env["PATH"] ?? ""].join(delimiter);
  return {
    cluster,
    clusterId: aks.id,
    deployer,
    machineEnv: { ...proxy.env, NO_PROXY: direct, no_proxy: direct, PATH: path, HOME: scratch },
  };
}

/** The cluster that the tests share, or a new one in its place, which goes again unless somebody else has come to use it. */
async function borrowCluster({ closing }: Theatre): Promise<TestCluster> {
  // Whoever names its home gets it, whatever KUBECONFIG says.
  const home = clusterHome();
  const { fresh } = await ensureNode({ home });
  const cluster = await startCluster({ home });
  closing.defer(async () => {
    if (fresh && listAttachments(readLayout(home)).length === 0) await cluster.stop();
  });
  return cluster;
}

/** The identity may do in one namespace what its releases take, and nothing elsewhere. */
async function makeNamespace({ closing }: Theatre, { kubectl }: TestCluster, objectId: string): Promise<void> {
  const remove = (...more: readonly string[]) =>
    kubectl("delete", "namespace", NAMESPACE, "--ignore-not-found", ...more);
  // A demo that was killed may have left one.
  await remove();
  await kubectl("create", "namespace", NAMESPACE);
  closing.defer(async () => void (await remove("--wait=false")));
  // `admin` is put together by a controller, some seconds after the cluster's start.
  await kubectl(
    ...["create", "rolebinding", "deployer", "--namespace", NAMESPACE],
    ...["--clusterrole", "cluster-admin", "--user", objectId],
  );
}

/** Who an identity is, by its client id. */
export function principalOf({ azure, team }: Theatre, clientId: string) {
  const principal = azure.arm.world.directory.principal(team.tenantId, clientId);
  if (principal === undefined) throw new Error(`Nobody has the client id ${clientId}`);
  return principal;
}
