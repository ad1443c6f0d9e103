import { propertiesOf } from "../arm/authorization.ts";
import { groupBody } from "../arm/groups.ts";
import { identityBehaviour } from "../arm/identities.ts";
import { parseResourceId } from "../arm/resource-id.ts";
import type { ResourceDocument } from "../arm/store.ts";
import type { ArmWorld } from "../arm/world.ts";
import { asObject, asText, type Json } from "../wire.ts";

/** The group that AKS keeps a cluster's nodes in. */
export function nodeGroupId(cluster: ResourceDocument): string {
  return `/subscriptions/${cluster.subscriptionId}/resourceGroups/${propertiesOf(cluster.body)["nodeResourceGroup"]}`;
}

/**
 * Makes the node group, which is managed by its cluster and carries its tags, and the identities that AKS puts in it: the
 * kubelet's, and one per add-on. They are real principals: roles that are given to them count.
 */
export function provideNodeGroup(cluster: ResourceDocument, world: ArmWorld): void {
  const location = asText(cluster.body["location"]) ?? "";
  const id = nodeGroupId(cluster);
  const own = { "aks-managed-cluster-name": cluster.name, "aks-managed-cluster-rg": cluster.resourceGroup ?? "" };
  world.store.put(id, groupBody(location, { ...own, ...asObject(cluster.body["tags"]) }, cluster.id));
  const properties = propertiesOf(cluster.body);
  const profile = asObject(properties["identityProfile"]) ?? {};
  const identity = (name: string) => provideIdentity(`${id}/${IDENTITIES}/${name}`, location, world);
  const kubelet = asObject(profile["kubeletidentity"]) ?? identity(`${cluster.name}-agentpool`);
  cluster.body = {
    ...cluster.body,
    properties: {
      ...properties,
      identityProfile: { ...profile, kubeletidentity: kubelet },
      ...addonIdentities(properties, cluster.name, identity),
      ...routingIdentity(properties, cluster.name, identity),
    },
  };
}

const IDENTITIES = "providers/Microsoft.ManagedIdentity/userAssignedIdentities";

/** Add-ons that have an identity of their own. */
const ADDONS: Readonly<Record<string, string>> = {
  azureKeyvaultSecretsProvider: "azurekeyvaultsecretsprovider",
  omsagent: "omsagent",
  azurepolicy: "azurepolicy",
};

function addonIdentities({ addonProfiles }: Json, cluster: string, identity: (name: string) => Json): Json {
  const profiles = asObject(addonProfiles);
  if (profiles === undefined) return {};
  const filled = Object.entries(profiles).map(([name, profile]) => {
    const owner = ADDONS[name];
    const enabled = asObject(profile)?.["enabled"] === true && owner !== undefined;
    return [name, enabled ? { ...asObject(profile), identity: identity(`${owner}-${cluster}`) } : profile];
  });
  return { addonProfiles: Object.fromEntries(filled) };
}

function routingIdentity({ ingressProfile }: Json, cluster: string, identity: (name: string) => Json): Json {
  const routing = asObject(asObject(ingressProfile)?.["webAppRouting"]);
  if (routing?.["enabled"] !== true) return {};
  const webAppRouting = { ...routing, identity: identity(`webapprouting-${cluster}`) };
  return { ingressProfile: { ...asObject(ingressProfile), webAppRouting } };
}

function provideIdentity(resourceId: string, location: string, world: ArmWorld): Json {
  const id = parseResourceId(resourceId);
  if (id === undefined) throw new Error(`${resourceId} is no resource id`);
  const previous = world.store.find(resourceId)?.body;
  const body = identityBehaviour.prepare?.({ id, body: { location }, previous, world }) ?? { location };
  const document = world.store.put(resourceId, body);
  identityBehaviour.stored?.(document, world);
  const { clientId, principalId } = propertiesOf(document.body);
  return { resourceId, clientId, objectId: principalId };
}
