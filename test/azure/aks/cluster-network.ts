import { randomUUID } from "node:crypto";
import { asObject, type Json } from "../wire.ts";

/** What AKS fills in a network profile. */
export function clusterNetwork(given: Json, nodeGroup: string, subscriptionId: string): Json {
  const overlay = given["networkPluginMode"] === "overlay";
  const plugin = given["networkPlugin"] ?? "kubenet";
  const pods = plugin === "kubenet" || overlay ? { podCidr: "10.244.0.0/16", podCidrs: ["10.244.0.0/16"] } : {};
  const outboundType = given["outboundType"] ?? "loadBalancer";
  const balanced = outboundType === "loadBalancer";
  return {
    networkPlugin: plugin,
    networkDataplane: "azure",
    loadBalancerSku: "standard",
    serviceCidr: "10.0.0.0/16",
    dnsServiceIP: "10.0.0.10",
    ipFamilies: ["IPv4"],
    ...pods,
    ...given,
    outboundType,
    podCidrs: given["podCidrs"] ?? (given["podCidr"] === undefined ? pods.podCidrs : [given["podCidr"]]),
    serviceCidrs: given["serviceCidrs"] ?? [given["serviceCidr"] ?? "10.0.0.0/16"],
    ...(balanced ? { loadBalancerProfile: loadBalancer(given, nodeGroup, subscriptionId) } : {}),
  };
}

function loadBalancer(given: Json, nodeGroup: string, subscriptionId: string): Json {
  const profile = asObject(given["loadBalancerProfile"]) ?? {};
  const address = `/subscriptions/${subscriptionId}/resourceGroups/${nodeGroup}/providers/Microsoft.Network/publicIPAddresses/${randomUUID()}`;
  return {
    managedOutboundIPs: { count: 1 },
    backendPoolType: "nodeIPConfiguration",
    effectiveOutboundIPs: [{ id: address }],
    ...profile,
  };
}
