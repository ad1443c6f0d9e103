import { choice, text } from "../kit/input.ts";

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** A tenant may also be named by one of its domains. */
const TENANT = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z0-9-]+(?:\.[a-z0-9-]+)+)$/i;

const guid = { pattern: GUID, expected: "a GUID such as 12345678-1234-1234-1234-123456789abc" } as const;

const tenant = { pattern: TENANT, expected: "the tenant's id, a GUID, or one of its domains" } as const;

/** What each kind of id must look like, for inputs made from them. */
export const idForms = { guid, tenant } as const;

/** The same words everywhere: an input means the same in every action. */
export const descriptions = {
  "client-id": "Client (application) id of the managed identity or app; not its object id.",
  "tenant-id": "Tenant (directory) of the identity: its id, or one of its domains.",
  "subscription-id": "Subscription to work in.",
  cloud: "The Azure cloud. `custom` needs `authority-host`, `resource-manager` and `audience`.",
  "authority-host": "With `cloud: custom`: where tokens come from, such as `https://login.example.com`.",
  "resource-manager": "With `cloud: custom`: the address of Azure Resource Manager.",
  audience: "The audience of the federated credential; the cloud's own when left out.",
} as const;

/** The alternatives of `cloud`. */
export const cloudChoice = choice("public", "usgov", "china", "custom");

const LOGGED_IN = {
  required: true,
  whenMissing: "run azure-login in an earlier step of this job: it exports both ids",
} as const;

const clientId = { ...guid, description: descriptions["client-id"], env: "AZURE_CLIENT_ID" } as const;
const tenantId = { ...tenant, description: descriptions["tenant-id"], env: "AZURE_TENANT_ID" } as const;

const PLACE = {
  "subscription-id": text({ ...guid, description: descriptions["subscription-id"], env: "AZURE_SUBSCRIPTION_ID" }),
  cloud: cloudChoice({ description: descriptions.cloud, default: "public", env: "MAYFLY_CLOUD" }),
  "authority-host": text({ description: descriptions["authority-host"], env: "MAYFLY_AUTHORITY_HOST" }),
  "resource-manager": text({ description: descriptions["resource-manager"], env: "MAYFLY_RESOURCE_MANAGER" }),
  audience: text({ description: descriptions.audience, env: "MAYFLY_AUDIENCE" }),
} as const;

/** The inputs of an action that speaks to Azure: each may be left out after `azure-login`, which exports them. */
export const azureInputs = {
  "client-id": text({ ...clientId, ...LOGGED_IN }),
  "tenant-id": text({ ...tenantId, ...LOGGED_IN }),
  ...PLACE,
} as const;

/** The same for an action that has work to do without a login, as a build for a fork. */
export const optionalAzureInputs = { "client-id": text(clientId), "tenant-id": text(tenantId), ...PLACE } as const;
