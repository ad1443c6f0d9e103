import { parseResourceId } from "../arm/resource-id.ts";
import type { ResourceDocument } from "../arm/store.ts";
import type { Azure } from "../azure.ts";
import { asObject, asText, type Json } from "../wire.ts";
import { CLUSTER } from "./cluster-type.ts";

export interface AddClusterOptions {
  readonly subscriptionId: string;
  /** Made where it is not there; `shared` where left out. */
  readonly resourceGroup?: string;
  readonly name: string;
  /** `westeurope` where left out. */
  readonly location?: string;
  /** On top of an ordinary cluster with Entra integration and one pool. */
  readonly properties?: Json;
}

/** What a test reads of a cluster that it has put in place. */
export interface AddedCluster {
  readonly id: string;
  readonly fqdn: string;
  readonly privateFqdn: string | undefined;
  readonly issuer: string | undefined;
  /** Of the identity that its nodes pull with. */
  readonly kubelet: { readonly objectId: string; readonly clientId: string; readonly resourceId: string };
  readonly document: ResourceDocument;
}

/** Puts a cluster in place without a request, as AKS would have made it: its nodes' group and identities, too. */
export function addCluster(azure: Azure, options: AddClusterOptions): AddedCluster {
  const { subscriptionId, resourceGroup = "shared", name, location = "westeurope", properties } = options;
  const { world } = azure.arm;
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  if (world.store.find(group) === undefined)
    azure.arm.addResourceGroup({ subscriptionId, name: resourceGroup, location });
  const id = parseResourceId(`${group}/providers/${CLUSTER}/${name}`);
  const behaviour = world.behaviours.get(CLUSTER.toLowerCase());
  if (id === undefined || behaviour === undefined) throw new Error(`${name} is no name of a cluster`);
  const ordinary = {
    dnsPrefix: name,
    aadProfile: { managed: true, enableAzureRBAC: false },
    agentPoolProfiles: [{ name: "system", mode: "System", count: 1, vmSize: "Standard_D2s_v5" }],
  };
  const given = { location, identity: { type: "SystemAssigned" }, properties: { ...ordinary, ...properties } };
  const body = behaviour.prepare?.({ id, body: given, previous: undefined, world }) ?? given;
  const document = world.store.put(id.id, body);
  behaviour.stored?.(document, world);
  const shown = asObject(document.body["properties"]) ?? {};
  const kubelet = asObject(asObject(shown["identityProfile"])?.["kubeletidentity"]) ?? {};
  return {
    id: document.id,
    fqdn: `${shown["fqdn"]}`,
    privateFqdn: asText(shown["privateFQDN"]),
    issuer: asText(asObject(shown["oidcIssuerProfile"])?.["issuerURL"]),
    kubelet: {
      objectId: `${kubelet["objectId"]}`,
      clientId: `${kubelet["clientId"]}`,
      resourceId: `${kubelet["resourceId"]}`,
    },
    document,
  };
}
