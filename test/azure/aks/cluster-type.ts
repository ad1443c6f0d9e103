import { createHash, randomUUID } from "node:crypto";
import { propertiesOf } from "../arm/authorization.ts";
import type { PreparedWrite, TypeBehaviour } from "../arm/behaviour.ts";
import { ArmFailure } from "../arm/failure.ts";
import { removeWhole } from "../arm/resources.ts";
import type { ResourceDocument } from "../arm/store.ts";
import type { ArmWorld } from "../arm/world.ts";
import { asObject, asText, type Json, jsonResponse, type WireResponse } from "../wire.ts";
import { clusterNetwork } from "./cluster-network.ts";
import { renderKubeconfig } from "./kubeconfig.ts";
import { nodeGroupId, provideNodeGroup } from "./node-group.ts";
import { POOL, poolProperties } from "./pool-type.ts";
import { powerActions } from "./power.ts";
import type { RealCluster } from "./real-clusters.ts";
import type { AksSettings } from "./settings.ts";

export const CLUSTER = "Microsoft.ContainerService/managedClusters";

/** Managed clusters: a document that AKS fills, pools that go in step with it, and a group of nodes of their own. */
export function clusterBehaviour(
  settings: AksSettings,
  clusters: ReadonlyMap<string, RealCluster>,
  runCommand: NonNullable<TypeBehaviour["actions"]>[string],
): TypeBehaviour {
  return {
    type: CLUSTER,
    prepare: (write) => prepareCluster(write, settings),
    stored: (cluster, world) => {
      storePools(cluster, world, settings);
      provideNodeGroup(cluster, world);
    },
    shown: (cluster, { store }) => {
      const pools = store.list(POOL, cluster.key).map(({ name, body }) => ({ name, ...propertiesOf(body) }));
      // While it is being made, its pools are what was asked for.
      if (pools.length === 0) return cluster.body;
      return { ...cluster.body, properties: { ...propertiesOf(cluster.body), agentPoolProfiles: pools } };
    },
    removed: (cluster, world) => {
      world.directory.removePrincipal(`${asObject(cluster.body["identity"])?.["principalId"]}`);
      const group = world.store.find(nodeGroupId(cluster));
      if (group !== undefined) removeWhole(world, group);
    },
    busy: (cluster, { startedAt, verb }) =>
      new ArmFailure(
        409,
        "OperationNotAllowed",
        `Operation is not allowed because there's an in progress ${verb === "delete" ? "delete" : "create or update"} managed cluster operation on the managed cluster ${cluster.name} started at ${new Date(startedAt).toISOString()}. Please wait for it to finish before starting a new operation.`,
      ),
    actions: {
      listclusterusercredential: (cluster, { query }) => {
        const { format, "server-fqdn": serverFqdn } = query;
        const real = clusters.get(cluster.key);
        return kubeconfigs("clusterUser", renderKubeconfig(cluster, { kind: "user", format, serverFqdn, real }));
      },
      listclusteradmincredential: (cluster, { query }) => {
        if (propertiesOf(cluster.body)["disableLocalAccounts"] === true) throw localAccountsDisabled();
        const real = clusters.get(cluster.key);
        const serverFqdn = query["server-fqdn"];
        return kubeconfigs("clusterAdmin", renderKubeconfig(cluster, { kind: "admin", serverFqdn, real }));
      },
      runcommand: runCommand,
      ...powerActions(settings),
    },
  };
}

function prepareCluster({ id, body, previous, world }: PreparedWrite, settings: AksSettings): Json {
  const given = propertiesOf(body);
  const before = propertiesOf(previous);
  const location = asText(body["location"]) ?? asText(previous?.["location"]) ?? "";
  if (location === "") throw invalid("The location property is required for this definition.");
  if (previous === undefined) requireSystemPool(given);
  const tenantId = asText(world.store.find(`/subscriptions/${id.subscriptionId}`)?.body["tenantId"]) ?? "";
  const version = versionOf(filled(given["kubernetesVersion"]) ?? filled(before["kubernetesVersion"]), settings);
  const dnsPrefix = filled(given["dnsPrefix"]) ?? id.name;
  const label = createHash("sha256").update(id.key).digest("hex").slice(0, 8);
  const isPrivate = asObject(given["apiServerAccessProfile"])?.["enablePrivateCluster"] === true;
  const host = `${dnsPrefix}-${label}`;
  const nodeResourceGroup =
    filled(given["nodeResourceGroup"]) ?? `MC_${id.resourceGroup}_${id.name}_${location}`.slice(0, 80);
  const made = {
    ...version,
    dnsPrefix,
    nodeResourceGroup,
    fqdn: before["fqdn"] ?? `${host}.hcp.${location}.azmk8s.io`,
    azurePortalFQDN: before["azurePortalFQDN"] ?? `${host}.portal.hcp.${location}.azmk8s.io`,
    ...(isPrivate
      ? { privateFQDN: before["privateFQDN"] ?? `${host}.${label}.privatelink.${location}.azmk8s.io` }
      : {}),
    powerState: before["powerState"] ?? { code: "Running" },
    resourceUID: before["resourceUID"] ?? randomUUID().replaceAll("-", ""),
    maxAgentPools: 100,
    provisioningState: "Succeeded",
    networkProfile: clusterNetwork(asObject(given["networkProfile"]) ?? {}, nodeResourceGroup, id.subscriptionId ?? ""),
    ...oidcIssuer(given, before, location, tenantId),
    ...aadProfile(given, tenantId),
    identityProfile: { ...asObject(before["identityProfile"]), ...asObject(given["identityProfile"]) },
  };
  const defaults = {
    enableRBAC: true,
    supportPlan: "KubernetesOfficial",
    servicePrincipalProfile: { clientId: "msi" },
  };
  return {
    ...body,
    location,
    sku: { name: "Base", tier: "Free", ...asObject(body["sku"]) },
    ...identityOf(body, previous, world, tenantId),
    properties: { ...defaults, ...given, ...made },
  };
}

/** A PUT of the cluster names pools that are new or changed; those that it leaves out stay. */
function storePools(cluster: ResourceDocument, world: ArmWorld, settings: AksSettings): void {
  const { agentPoolProfiles, ...properties } = propertiesOf(cluster.body);
  if (!Array.isArray(agentPoolProfiles)) return;
  for (const { name, ...profile } of agentPoolProfiles as readonly Json[]) {
    const id = `${cluster.id}/agentPools/${name}`;
    const previous = propertiesOf(world.store.find(id)?.body);
    world.store.put(id, { properties: poolProperties(profile, previous, properties, settings) });
  }
  cluster.body = { ...cluster.body, properties };
}

function requireSystemPool({ agentPoolProfiles }: Json): void {
  const pools = (Array.isArray(agentPoolProfiles) ? agentPoolProfiles : []) as readonly Json[];
  if (pools.some(({ mode }) => (mode ?? "System") === "System")) return;
  throw invalid("Must define at least one system pool.");
}

/** `1.35` is the newest patch of it that the region has; nothing is the region's default. */
function versionOf(wanted: string | undefined, { versions }: AksSettings): Json {
  const [newest = ""] = versions;
  const found =
    wanted === undefined ? newest : versions.find((each) => each === wanted || each.startsWith(`${wanted}.`));
  if (found !== undefined) return { kubernetesVersion: wanted ?? newest, currentKubernetesVersion: found };
  throw new ArmFailure(
    400,
    "K8sVersionNotSupported",
    `Managed cluster is on version ${wanted}, which is not supported in this region. Please use [az aks get-versions] command to get the supported version list in this region. For more information, please check https://aka.ms/supported-version-list`,
  );
}

function oidcIssuer(given: Json, before: Json, location: string, tenantId: string): Json {
  const profile = asObject(given["oidcIssuerProfile"]);
  if (profile?.["enabled"] !== true) return {};
  const known = asText(asObject(before["oidcIssuerProfile"])?.["issuerURL"]);
  const issuerURL = known ?? `https://${location}.oic.prod-aks.azure.com/${tenantId}/${randomUUID()}/`;
  return { oidcIssuerProfile: { ...profile, issuerURL } };
}

function aadProfile(given: Json, tenantId: string): Json {
  const profile = asObject(given["aadProfile"]);
  return profile === undefined ? {} : { aadProfile: { ...profile, tenantID: filled(profile["tenantID"]) ?? tenantId } };
}

/** Its own identity is a principal from the moment it is asked for: roles are given to it right after. */
function identityOf(body: Json, previous: Json | undefined, world: ArmWorld, tenantId: string): Json {
  const identity = asObject(body["identity"]);
  const before = asObject(previous?.["identity"]);
  if (identity === undefined) return {};
  if (identity["type"] === "SystemAssigned") {
    const principalId = asText(before?.["principalId"]) ?? randomUUID();
    if (world.directory.principalByObject(principalId) === undefined) {
      world.directory.addManagedIdentity({ tenantId, clientId: randomUUID(), objectId: principalId });
    }
    return { identity: { ...identity, principalId, tenantId } };
  }
  const ids = Object.keys(asObject(identity["userAssignedIdentities"]) ?? {});
  const known = ids.map((id) => {
    const { principalId, clientId } = propertiesOf(world.store.find(id)?.body);
    if (principalId === undefined) throw invalid(`The managed identity '${id}' is not found.`);
    return [id, { principalId, clientId }] as const;
  });
  return { identity: { ...identity, userAssignedIdentities: Object.fromEntries(known) } };
}

function kubeconfigs(name: string, text: string): WireResponse {
  return jsonResponse(200, { kubeconfigs: [{ name, value: Buffer.from(text).toString("base64") }] });
}

/** The provider writes what it leaves to Azure as an empty text. */
export function filled(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function localAccountsDisabled(): ArmFailure {
  return new ArmFailure(
    400,
    "BadRequest",
    "Getting static credential is not allowed because this cluster is set to disable local accounts.",
  );
}

function invalid(message: string): ArmFailure {
  return new ArmFailure(400, "InvalidParameter", message);
}
