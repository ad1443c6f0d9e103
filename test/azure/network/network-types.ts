import { createHash } from "node:crypto";
import { propertiesOf } from "../arm/authorization.ts";
import type { PreparedWrite, TypeBehaviour } from "../arm/behaviour.ts";
import { ArmFailure } from "../arm/failure.ts";
import { removeWhole } from "../arm/resources.ts";
import { present, type ResourceDocument } from "../arm/store.ts";
import type { ArmWorld } from "../arm/world.ts";
import type { Json } from "../wire.ts";

const NETWORK = "Microsoft.Network/virtualNetworks";
const SUBNET = `${NETWORK}/subnets`;

/** Where a subnet is named by what runs in it. */
const USERS: readonly { readonly type: string; readonly property: string }[] = [
  { type: "Microsoft.ContainerService/managedClusters/agentPools", property: "vnetSubnetID" },
  { type: "Microsoft.Network/networkInterfaces", property: "subnetId" },
];

/** A network shows its subnets, and a PUT of it may name them: they are documents of their own. */
export const networkBehaviour: TypeBehaviour = {
  type: NETWORK,
  prepare: ({ id, body, previous, world }) => {
    const given = propertiesOf(body);
    const { subnets } = given;
    if (Array.isArray(subnets)) requireRemovable(world, id.id, subnets as readonly Json[]);
    const resourceGuid = propertiesOf(previous)["resourceGuid"] ?? guidOf(id.key);
    const ready = { enableDdosProtection: false, virtualNetworkPeerings: [], provisioningState: "Succeeded" };
    return { ...body, properties: { privateEndpointVNetPolicies: "Disabled", ...given, resourceGuid, ...ready } };
  },
  stored: (network, { store, ...world }) => {
    const { subnets, ...properties } = propertiesOf(network.body);
    if (!Array.isArray(subnets)) return;
    const named = subnets as readonly Json[];
    for (const gone of missing(store.list(SUBNET, network.key), named)) removeWhole({ store, ...world }, gone);
    for (const { name, properties: own } of named)
      store.put(`${network.id}/subnets/${name}`, { properties: subnetProperties(own as Json) });
    network.body = { ...network.body, properties };
  },
  shown: ({ key, body }, { store }) => {
    const subnets = store.list(SUBNET, key).map(present);
    return { ...body, properties: { ...propertiesOf(body), subnets } };
  },
  removable: ({ key }, world) => {
    for (const subnet of world.store.list(SUBNET, key)) requireUnused(subnet, world);
  },
};

export const subnetBehaviour: TypeBehaviour = {
  type: SUBNET,
  prepare: ({ body }) => ({ properties: subnetProperties(propertiesOf(body)) }),
  removable: requireUnused,
};

/** Other types of the network: kept as they are, with the state that clients wait for. */
export const PLAIN_NETWORK_TYPES: readonly TypeBehaviour[] = [
  "publicIPAddresses",
  "networkSecurityGroups",
  "routeTables",
  "natGateways",
  "privateDnsZones",
].map((name) => ({
  type: `Microsoft.Network/${name}`,
  prepare: ({ body }: PreparedWrite) => ({
    ...body,
    properties: { ...propertiesOf(body), provisioningState: "Succeeded" },
  }),
}));

function subnetProperties(given: Json): Json {
  return {
    privateEndpointNetworkPolicies: "Disabled",
    privateLinkServiceNetworkPolicies: "Enabled",
    delegations: [],
    ...given,
    provisioningState: "Succeeded",
  };
}

function missing(subnets: readonly ResourceDocument[], named: readonly Json[]): readonly ResourceDocument[] {
  const names = named.map(({ name }) => `${name}`.toLowerCase());
  return subnets.filter(({ name }) => !names.includes(name.toLowerCase()));
}

function requireRemovable(world: ArmWorld, network: string, named: readonly Json[]): void {
  for (const gone of missing(world.store.list(SUBNET, network), named)) requireUnused(gone, world);
}

/** @throws ArmFailure where something that is still there runs in the subnet */
function requireUnused(subnet: ResourceDocument, { store }: ArmWorld): void {
  const user = USERS.flatMap(({ type, property }) =>
    store.list(type, "/").filter(({ body }) => `${propertiesOf(body)[property]}`.toLowerCase() === subnet.key),
  )[0];
  if (user === undefined) return;
  throw new ArmFailure(
    400,
    "InUseSubnetCannotBeDeleted",
    `Subnet ${subnet.name} is in use by ${user.id} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.`,
  );
}

function guidOf(key: string): string {
  const hex = createHash("sha256").update(key).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}
