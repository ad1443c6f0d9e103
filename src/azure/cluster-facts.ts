import { type ArmFields, asFields, asText } from "./ask-arm.ts";
import type { ClusterFacts, ClusterPlace } from "./managed-clusters.ts";

export const CLUSTER_TYPE = "Microsoft.ContainerService/managedClusters";

/** The resource id of a cluster, for people. */
export function clusterId({ subscriptionId, resourceGroup, name }: ClusterPlace): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${CLUSTER_TYPE}/${name}`;
}

/** The same for a request: whatever the names hold, it stays one path below ARM. */
export function clusterPath({ subscriptionId, resourceGroup, name }: ClusterPlace): string {
  return clusterId({
    subscriptionId: encodeURIComponent(subscriptionId),
    resourceGroup: encodeURIComponent(resourceGroup),
    name: encodeURIComponent(name),
  });
}

/** @see https://learn.microsoft.com/rest/api/aks/managed-clusters */
export const CLUSTER_API = "api-version=2026-04-01";

/** The facts in ARM's document of a cluster. */
export function readClusterFacts(document: ArmFields, place: ClusterPlace): ClusterFacts {
  const properties = asFields(document["properties"]);
  const fields = (name: string): ArmFields => asFields(properties[name]);
  const access = fields("apiServerAccessProfile");
  const issuer = fields("oidcIssuerProfile");
  return {
    ...place,
    // As the cluster is called, not as somebody wrote it: ids are compared by what Azure prints.
    name: asText(document["name"]) ?? place.name,
    id: asText(document["id"]) ?? clusterId(place),
    location: asText(document["location"]) ?? "",
    provisioningState: asText(properties["provisioningState"]) ?? "",
    stopped: fields("powerState")["code"] === "Stopped",
    version: asText(properties["currentKubernetesVersion"]) ?? asText(properties["kubernetesVersion"]) ?? "",
    private: access["enablePrivateCluster"] === true,
    fqdn: asText(properties["fqdn"]),
    privateFqdn: asText(properties["privateFQDN"]),
    authorizedRanges: asTexts(access["authorizedIPRanges"]),
    runCommandDisabled: access["disableRunCommand"] === true,
    auth: readAuth(properties["aadProfile"]),
    localAccountsDisabled: properties["disableLocalAccounts"] === true,
    oidcIssuer: issuer["enabled"] === true ? asText(issuer["issuerURL"]) : undefined,
    workloadIdentity: asFields(fields("securityProfile")["workloadIdentity"])["enabled"] === true,
    keda: asFields(fields("workloadAutoScalerProfile")["keda"])["enabled"] === true,
    kubelet: readKubelet(asFields(fields("identityProfile")["kubeletidentity"])),
    nodeResourceGroup: asText(properties["nodeResourceGroup"]) ?? "",
  };
}

function readAuth(profile: unknown): ClusterFacts["auth"] {
  if (typeof profile !== "object" || profile === null) return "local";
  return asFields(profile)["enableAzureRBAC"] === true ? "aad-azure-rbac" : "aad-rbac";
}

function readKubelet({ objectId, clientId }: ArmFields): ClusterFacts["kubelet"] {
  const [object, client] = [asText(objectId), asText(clientId)];
  return object === undefined || client === undefined ? undefined : { objectId: object, clientId: client };
}

function asTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
