import type { ClusterFacts, ClusterPlace } from "../../azure/managed-clusters.ts";
import { UserError } from "../../kit/user-error.ts";
import { shellQuote } from "../../paste/quote.ts";

/** How `az aks` is told which cluster is meant. */
export function azPlace({ subscriptionId, resourceGroup, name }: ClusterPlace): string {
  const [subscription, group, cluster] = [subscriptionId, resourceGroup, name].map(shellQuote);
  return `--subscription ${subscription} --resource-group ${group} --name ${cluster}`;
}

/** Why a cluster has no API server to speak to; undefined for one that may have. */
export function explainState(facts: ClusterFacts): UserError | undefined {
  const { name, stopped, provisioningState } = facts;
  if (provisioningState === "Deleting") {
    const text = `The cluster "${name}" is being deleted.\nTo do: nothing can be deployed to it any more; make another one.`;
    return new UserError("cluster-busy", text);
  }
  if (!stopped) return undefined;
  const text = `The cluster "${name}" is stopped: it has no API server.\nTo do: start it, which takes some minutes:\n  az aks start ${azPlace(facts)}`;
  return new UserError("cluster-stopped", text);
}

/** Somebody changes the cluster just now. A failed change is over, and its API server mostly works. */
export function isBusy({ provisioningState }: ClusterFacts): boolean {
  return !["", "Succeeded", "Failed", "Canceled"].includes(provisioningState);
}
