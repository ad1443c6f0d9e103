import { CLUSTER_ROLES } from "./cluster-roles.ts";
import { REGISTRY_ROLES } from "./registry-roles.ts";
import { STORAGE_ROLES, STORAGE_ROLES } from "./storage-roles.ts";
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
  ...REGISTRY_ROLES,
  ...STORAGE_ROLES,
  { name: "Key Vault Secrets User", id: "4633458b-17de-408a-b874-0445c86b69e6", actions: [] },
];
