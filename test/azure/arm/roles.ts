import { CLUSTER_ROLES } from "./cluster-roles.ts";
import { REGISTRY_ROLES } from "./registry-roles.ts";
import { STORAGE_ROLES } from "./storage-roles.ts";
import { VAULT_ROLES } from "./vault-roles.ts";

/** What a role may do; wildcards as in Azure. */
export interface RoleActions {
  readonly name?: string;
  readonly actions: readonly string[];
  readonly notActions?: readonly string[];
  /** What it may do with a resource's data: the contents of a registry's repositories. */
  readonly dataActions?: readonly string[];
  readonly notDataActions?: readonly string[];
}

export interface BuiltInRole extends RoleActions {
  readonly name: string;
  readonly id: string;
}

/** @see https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
export const BUILT_IN_ROLES: readonly BuiltInRole[] = [
  { name: "Owner", id: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", actions: ["*"] },
  {
    name: "Contributor",
    id: "b24988ac-6180-42a0-ab88-20f7382dd24c",
    actions: ["*"],
    notActions: [
      "Microsoft.Authorization/*/Delete",
      "Microsoft.Authorization/*/Write",
      "Microsoft.Authorization/elevateAccess/Action",
      "Microsoft.Blueprint/blueprintAssignments/write",
      "Microsoft.Blueprint/blueprintAssignments/delete",
      "Microsoft.Compute/galleries/share/action",
      "Microsoft.Purview/consents/write",
      "Microsoft.Purview/consents/delete",
    ],
  },
  { name: "Reader", id: "acdd72a7-3385-48ef-bd42-f606fba81ae7", actions: ["*/read"] },
  {
    name: "User Access Administrator",
    id: "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
    actions: ["*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"],
  },
  {
    name: "Role Based Access Control Administrator",
    id: "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
    actions: [
      "Microsoft.Authorization/roleAssignments/write",
      "Microsoft.Authorization/roleAssignments/delete",
      "*/read",
      "Microsoft.Support/*",
    ],
  },
  {
    name: "Tag Contributor",
    id: "4a9ae827-6dc8-4573-8ac7-8239d42aa03f",
    actions: ["Microsoft.Resources/tags/*", "Microsoft.Resources/subscriptions/resourceGroups/read"],
  },
  {
    name: "Managed Identity Contributor",
    id: "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59",
    actions: [
      ...["read", "write", "delete"].map((verb) => `Microsoft.ManagedIdentity/userAssignedIdentities/${verb}`),
      "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/*",
      "Microsoft.Resources/subscriptions/resourceGroups/read",
    ],
  },
  {
    name: "Managed Identity Operator",
    id: "f1a07417-d97a-45cb-824c-7a7467783830",
    actions: [
      "Microsoft.ManagedIdentity/userAssignedIdentities/*/read",
      "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action",
      "Microsoft.Resources/subscriptions/resourceGroups/read",
    ],
  },
  {
    name: "Network Contributor",
    id: "4d97b98b-1d4f-4787-a291-c67834d212e7",
    actions: ["Microsoft.Network/*", "Microsoft.Resources/subscriptions/resourceGroups/read"],
  },
  {
    name: "Log Analytics Contributor",
    id: "92aaf0da-9dab-42b6-94a3-d43ce8d16293",
    actions: ["*/read", "Microsoft.OperationalInsights/*", "Microsoft.Insights/diagnosticSettings/*"],
  },
  ...REGISTRY_ROLES,
  ...CLUSTER_ROLES,
  ...VAULT_ROLES,
  ...STORAGE_ROLES,
];
