import type { ArmConnection } from "../../azure/arm-connection.ts";
import { CLUSTER_SCOPE } from "../../azure/cluster-scope.ts";
import { connectManagedClusters } from "../../azure/connect-managed-clusters.ts";
import type { ClusterPlace } from "../../azure/managed-clusters.ts";
import { once } from "../../kit/once.ts";
import type { Runner } from "../../kit/runner.ts";
import { connectClusterAt } from "../../kubernetes/connect-cluster-at.ts";
import { KubeRefusal } from "../../kubernetes/kube-refusal.ts";
import { connectNamespaces } from "../../kubernetes/namespaces.ts";
import { describeConnectionFault } from "../../oidc/connection-fault.ts";
import { readIdentity } from "../../oidc/identity-kind.ts";
import { findEgressAddress } from "../aks-set-context/connect-egress.ts";
import type { Visitor } from "./explain-namespace-denial.ts";
import { type ClusterWorld, type OpenCluster, openCluster } from "./open-cluster.ts";

/** A cluster that is there answers at once; one that is not holds up the look at all else. */
const LIMITS = { connectMs: 10_000, requestMs: 30_000, tries: 3 } as const;

/**
 * AKS clusters, reached as `aks-set-context` reaches them: by the roles of the job's identity. No kubeconfig is written.
 * It brings the client for clusters with it: import this when there is one to look at.
 */
export function connectClusters(
  arm: ArmConnection,
  runner: Runner,
  visitor: Visitor,
): (place: ClusterPlace) => Promise<OpenCluster> {
  const token = async (): Promise<string> => {
    const given = await arm.credential.getToken(CLUSTER_SCOPE, { abortSignal: runner.cancelled });
    if (given === null) throw new Error("the credential gave no token for AKS");
    return given.token;
  };
  const world: ClusterWorld = {
    visitor,
    clusters: connectManagedClusters(arm),
    token,
    mask: runner.mask,
    connect: (address) => connectNamespaces(connectClusterAt(address, { ...runner, limits: LIMITS })),
    readFault: (error) => {
      const refusal = error instanceof KubeRefusal ? error : (error as { readonly cause?: unknown } | undefined)?.cause;
      if (refusal instanceof KubeRefusal) return { kind: "refused", status: refusal.status, message: refusal.message };
      return { kind: "silent", because: describeConnectionFault((error as Error).cause ?? error) };
    },
    findObjectId: async () => readIdentity(await token()).objectId,
    findEgressAddress: once(() => findEgressAddress(runner.environment)),
  };
  return (place) => openCluster(place, world);
}
