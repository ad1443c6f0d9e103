import type { Registry } from "@azure/arm-containerregistry";

/** A container registry as ARM describes it. */
export interface RegistryFacts {
  readonly id: string;
  readonly name: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** The host of its images' names: it need not begin with the registry's name. */
  readonly loginServer: string;
  readonly location: string;
  /** `Basic`, `Standard`, `Premium`. */
  readonly sku: string;
  /** Decides by conditions on repositories: AcrPush, AcrPull and AcrDelete count for nothing there. */
  readonly abac: boolean;
  /** False when only private endpoints lead to it. */
  readonly publicAccess: boolean;
  /** Whether its firewall lets unknown addresses in. */
  readonly openToAll: boolean;
  /** Whether Azure's own services (imports, tasks) come past its firewall. */
  readonly trustedServices: boolean;
  /** As ARM says it; undefined where it does not. */
  readonly tasksPassFirewall: boolean | undefined;
  readonly provisioningState: string;
  readonly adminUser: boolean;
  readonly anonymousPull: boolean;
}

/** How full a registry is, in one of its measures. */
export interface RegistryUsage {
  /** `Size`, `Webhooks`. */
  readonly name: string;
  readonly limit: number;
  readonly used: number;
  /** `Bytes`, `Count`. */
  readonly unit: string;
}

/** The parts of a registry's id; undefined for any other text. */
export function parseRegistryId(
  id: string,
): { readonly subscriptionId: string; readonly resourceGroup: string; readonly name: string } | undefined {
  const form =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.ContainerRegistry\/registries\/([^/]+)$/i;
  const [, subscriptionId, resourceGroup, name] = form.exec(id) ?? [];
  if (subscriptionId === undefined || resourceGroup === undefined || name === undefined) return undefined;
  return { subscriptionId, resourceGroup, name };
}

/** The facts in a document of ARM's; undefined for a registry that has no login server yet. */
export function readRegistry(document: Registry): RegistryFacts | undefined {
  const parts = parseRegistryId(document.id ?? "");
  const { loginServer } = document;
  if (parts === undefined || document.id === undefined || !loginServer) return undefined;
  return {
    ...parts,
    id: document.id,
    loginServer: loginServer.toLowerCase(),
    location: document.location,
    sku: document.sku.name,
    abac: document.roleAssignmentMode === "AbacRepositoryPermissions",
    publicAccess: document.publicNetworkAccess !== "Disabled",
    openToAll: document.networkRuleSet?.defaultAction !== "Deny",
    trustedServices: document.networkRuleBypassOptions !== "None",
    tasksPassFirewall: document.networkRuleBypassAllowedForTasks,
    provisioningState: document.provisioningState ?? "",
    adminUser: document.adminUserEnabled === true,
    anonymousPull: document.anonymousPullEnabled === true,
  };
}
