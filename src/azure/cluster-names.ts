import { UserError } from "../kit/user-error.ts";
import { listNearNames } from "../spelling/near-names.ts";
import type { ArmConnection } from "./arm-connection.ts";
import { ArmRefusal } from "./arm-refusal.ts";
import { asText, listAllOfArm } from "./ask-arm.ts";
import { CLUSTER_TYPE } from "./cluster-facts.ts";
import type { ClusterPlace } from "./managed-clusters.ts";

/** Why a cluster that is not there is not found, with those of the subscription that may have been meant. */
export async function refuseMissing(
  connection: Pick<ArmConnection, "send">,
  place: ClusterPlace,
  cause: ArmRefusal,
): Promise<UserError> {
  const { name, resourceGroup, subscriptionId } = place;
  const what =
    cause.fault.code === "ResourceGroupNotFound"
      ? `There is no resource group "${resourceGroup}" in subscription ${subscriptionId}, so no AKS cluster "${name}" in it.`
      : `There is no AKS cluster "${name}" in resource group "${resourceGroup}" of subscription ${subscriptionId}.`;
  const todo = "To do: check cluster, resource-group and subscription-id; what there is: az aks list --output table";
  return new UserError("cluster-not-found", `${what}${await hint(connection, place)}\n${todo}`, { cause });
}

async function hint(connection: Pick<ArmConnection, "send">, place: ClusterPlace): Promise<string> {
  const seen = await listVisible(connection, place.subscriptionId);
  if (seen === undefined) return "";
  if (seen.length === 0) return " The identity sees no AKS cluster there at all.";
  const sameName = seen.filter(({ name }) => name.toLowerCase() === place.name.toLowerCase());
  if (sameName.length > 0) {
    return ` One of that name is in ${sameName.map(({ resourceGroup }) => `resource group "${resourceGroup}"`).join(" and in ")}.`;
  }
  const names = listNearNames(
    place.name,
    seen.map(({ name }) => name),
  );
  const near = names.map((name) => {
    const group = seen.find((one) => one.name === name)?.resourceGroup;
    return `"${name}" (resource group "${group}")`;
  });
  return near.length === 0 ? "" : ` Did you mean ${near.join(", ")}?`;
}

/** The clusters of a subscription that ARM shows to this identity; undefined where it may not list. */
async function listVisible(
  connection: Pick<ArmConnection, "send">,
  subscriptionId: string,
): Promise<readonly Pick<ClusterPlace, "name" | "resourceGroup">[] | undefined> {
  const filter = encodeURIComponent(`resourceType eq '${CLUSTER_TYPE}'`);
  const path = `/subscriptions/${encodeURIComponent(subscriptionId)}/resources?api-version=2021-04-01&$filter=${filter}`;
  try {
    const ids = (await listAllOfArm(connection, path)).map(({ id }) => asText(id) ?? "");
    return ids.flatMap((id) => {
      const [, resourceGroup, name] = /\/resourceGroups\/([^/]+)\/.*\/([^/]+)$/i.exec(id) ?? [];
      return resourceGroup === undefined || name === undefined ? [] : [{ resourceGroup, name }];
    });
  } catch (error) {
    // Only the hint is lost.
    if (error instanceof ArmRefusal) return undefined;
    throw error;
  }
}
