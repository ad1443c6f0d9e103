import type { BuiltInRole } from "./roles.ts";

const VAULT = "Microsoft.KeyVault/vaults";
const READS = ["Microsoft.Resources/subscriptions/resourceGroups/read"];

/** Roles of key vaults. @see https://learn.microsoft.com/azure/key-vault/general/rbac-guide */
export const VAULT_ROLES: readonly BuiltInRole[] = [
  {
    name: "Key Vault Administrator",
    id: "00482a5a-887f-4fb3-b363-3b7fe8e74483",
    actions: [...READS, `${VAULT}/read`, `${VAULT}/*/read`],
    dataActions: [`${VAULT}/*`],
  },
  {
    name: "Key Vault Contributor",
    id: "f25e0fa2-a7c8-4377-a976-54943a77a395",
    actions: [...READS, "Microsoft.KeyVault/*"],
    notActions: [
      "Microsoft.KeyVault/locations/deletedVaults/purge/action",
      "Microsoft.KeyVault/hsmPools/*",
      "Microsoft.KeyVault/managedHsms/*",
    ],
  },
  {
    name: "Key Vault Reader",
    id: "21090545-7ca7-4776-b22c-e363652d74d2",
    actions: [...READS, `${VAULT}/read`, `${VAULT}/*/read`],
    dataActions: [`${VAULT}/*/read`, `${VAULT}/secrets/readMetadata/action`],
  },
  {
    name: "Key Vault Secrets Officer",
    id: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
    actions: [...READS, `${VAULT}/read`],
    dataActions: [`${VAULT}/secrets/*`],
  },
  {
    name: "Key Vault Secrets User",
    id: "4633458b-17de-408a-b874-0445c86b69e6",
    actions: [],
    dataActions: [`${VAULT}/secrets/getSecret/action`, `${VAULT}/secrets/readMetadata/action`],
  },
];
