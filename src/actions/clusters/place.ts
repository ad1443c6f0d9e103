import type { ClusterPlace } from "../../azure/managed-clusters.ts";
import { UserError } from "../../kit/user-error.ts";
import { shellQuote } from "../../paste/quote.ts";

export interface PlaceInputs {
  /** A name or a resource id. */
  readonly cluster: string;
  readonly resourceGroup: string | undefined;
  readonly subscriptionId: string | undefined;
}

const ID =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.ContainerService\/managedClusters\/([^/]+)$/i;

/**
 * Where the cluster is. A resource id says all of it; a subscription that comes from `azure-login` does not count then.
 *
 * @throws UserError `bad-input` naming all that is missing, or a group that contradicts the id
 */
export function choosePlace({ cluster, resourceGroup, subscriptionId }: PlaceInputs): ClusterPlace {
  const [, subscription = "", group = "", name] = ID.exec(cluster) ?? [];
  if (name !== undefined) {
    if (resourceGroup !== undefined && resourceGroup.toLowerCase() !== group.toLowerCase()) {
      const text = `resource-group: expected "${group}", which the id in "cluster" names, got "${resourceGroup}". Leave it out.`;
      throw new UserError("bad-input", text);
    }
    return { subscriptionId: subscription, resourceGroup: group, name };
  }
  if (resourceGroup !== undefined && subscriptionId !== undefined) {
    return { subscriptionId, resourceGroup, name: cluster };
  }
  const missing = [
    ...(resourceGroup === undefined ? ["resource-group: expected the group of the cluster, got nothing"] : []),
    ...(subscriptionId === undefined ? ["subscription-id: expected the cluster's subscription, got nothing"] : []),
  ];
  const line = `az aks list --query ${shellQuote(`[?name=='${cluster}'].id`)} --output tsv`;
  throw new UserError("bad-input", `${missing.join("\n")}\nOr give the resource id as "cluster": ${line}`);
}
