import type { ClusterPlace } from "./managed-clusters.ts";

const FORM =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.ContainerService\/managedClusters\/([^/]+)$/i;

/** Where a cluster is, by its resource id; undefined for any other text. */
export function parseClusterId(id: string): ClusterPlace | undefined {
  const [, subscriptionId, resourceGroup, name] = FORM.exec(id) ?? [];
  if (subscriptionId === undefined || resourceGroup === undefined || name === undefined) return undefined;
  return { subscriptionId, resourceGroup, name };
}
