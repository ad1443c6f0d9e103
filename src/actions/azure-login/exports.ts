import type { Cloud } from "../../azure/cloud.ts";
import type { Consumer } from "./spec.ts";

/** What azurerm asks for on its own. */
const AZURERM_AUDIENCE = "api://AzureADTokenExchange";

export interface ExportFacts {
  readonly tenantId: string;
  readonly clientId: string;
  readonly subscriptionId: string | undefined;
  readonly cloud: Cloud;
  readonly consumers: readonly Consumer[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The variables that later steps get: ids and switches, never a token and never a file that ends before the job does.
 * An empty value takes away what an earlier login exported.
 */
export function listExports(facts: ExportFacts): Readonly<Record<string, string>> {
  return { ...listShared(facts), ...(facts.consumers.includes("terraform") ? listTerraform(facts) : {}) };
}

function listShared(facts: ExportFacts): Readonly<Record<string, string>> {
  const { cloud, environment } = facts;
  const custom = cloud.name === "custom";
  const ownAudience = cloud.audience !== cloud.usualAudience;
  return {
    AZURE_CLIENT_ID: facts.clientId,
    AZURE_TENANT_ID: facts.tenantId,
    ...orClear(environment, "AZURE_SUBSCRIPTION_ID", facts.subscriptionId),
    // Every Azure SDK reads this one; some take an empty text for an address, so it is overwritten, never emptied.
    ...(cloud.name === "public" && !environment["AZURE_AUTHORITY_HOST"]
      ? {}
      : { AZURE_AUTHORITY_HOST: cloud.authorityHost }),
    ...orClear(environment, "MAYFLY_CLOUD", cloud.name === "public" ? undefined : cloud.name),
    ...orClear(environment, "MAYFLY_AUTHORITY_HOST", custom ? cloud.authorityHost : undefined),
    ...orClear(environment, "MAYFLY_RESOURCE_MANAGER", custom ? cloud.resourceManager : undefined),
    ...orClear(environment, "MAYFLY_AUDIENCE", ownAudience ? cloud.audience : undefined),
  };
}

/**
 * With these and the `ACTIONS_ID_TOKEN_REQUEST_*` of each step, terraform asks GitHub for a fresh ID token whenever it
 * needs one, for hours.
 */
function listTerraform(facts: ExportFacts): Readonly<Record<string, string>> {
  const { cloud, environment } = facts;
  return {
    ARM_CLIENT_ID: facts.clientId,
    ARM_TENANT_ID: facts.tenantId,
    ...orClear(environment, "ARM_SUBSCRIPTION_ID", facts.subscriptionId),
    ARM_USE_OIDC: "true",
    ...orClear(environment, "ARM_ENVIRONMENT", cloud.name === "public" ? undefined : cloud.terraformEnvironment),
    ...orClear(
      environment,
      "ARM_METADATA_HOSTNAME",
      cloud.name === "custom" ? hostOf(cloud.resourceManager) : undefined,
    ),
    ...orClear(environment, "ARM_OIDC_REQUEST_URL", renderRequestUrl(facts)),
  };
}

/**
 * azurerm asks for its own audience unless the address has one already. The address is no secret; its token
 * stays where the runner puts it, in `ACTIONS_ID_TOKEN_REQUEST_TOKEN`.
 */
function renderRequestUrl({ cloud, environment }: ExportFacts): string | undefined {
  const url = environment["ACTIONS_ID_TOKEN_REQUEST_URL"];
  if (cloud.audience === AZURERM_AUDIENCE || url === undefined || url === "") return undefined;
  return `${url}&audience=${encodeURIComponent(cloud.audience)}`;
}

function orClear(
  environment: ExportFacts["environment"],
  name: string,
  value: string | undefined,
): Readonly<Record<string, string>> {
  if (value !== undefined) return { [name]: value };
  return environment[name] ? { [name]: "" } : {};
}

function hostOf(address: string): string {
  return new URL(address).host;
}
