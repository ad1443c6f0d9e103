import type { RoleActions } from "./arm/roles.ts";
import type { Azure } from "./azure.ts";
import type { Principal } from "./entra/directory.ts";
import type { Job, JobOptions } from "./github/issuer.ts";

export interface TeamOptions {
  readonly tenantId?: string;
  readonly subscriptionId?: string;
  readonly clientId?: string;
  readonly objectId?: string;
  readonly kind?: "managedIdentity" | "application";
  readonly role?: string | RoleActions;
  readonly job?: Partial<JobOptions>;
}

/** A tenant with one subscription, one identity and one job of a repository that may log in as it. */
export interface Team {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly clientId: string;
  readonly principal: Principal;
  readonly job: Job;
  /** Gives its identity another role: a built-in one by name, or actions; a registry or a resource id is the scope. */
  assign(role: string | RoleActions, scope: string | { readonly id: string }, condition?: string): void;
}

/** The custom role that a reaper needs, and no more. */
export const REAPER_ROLE: RoleActions = {
  name: "Mayfly reaper",
  actions: [
    "Microsoft.Resources/subscriptions/read",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
    "Microsoft.Resources/subscriptions/resourceGroups/delete",
    "Microsoft.Resources/subscriptions/resourceGroups/resources/read",
    "Microsoft.Resources/subscriptions/operationresults/read",
    "Microsoft.Authorization/locks/read",
    "Microsoft.Authorization/denyAssignments/read",
    "Microsoft.Authorization/roleAssignments/read",
  ],
};

/** What it needs in ARM on each cluster whose namespaces it sweeps; what it may there, the API server says. */
export const NAMESPACE_REAPER_ROLE: RoleActions = {
  name: "Mayfly namespace reaper",
  actions: [
    "Microsoft.ContainerService/managedClusters/read",
    "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action",
  ],
};

/** Sets up what a login needs: the least that a test or a demo of a working job begins with. */
export function addTeam(azure: Azure, options: TeamOptions = {}): Team {
  const tenantId = options.tenantId ?? "72f988bf-0000-4000-8000-2d7cd011db47";
  const subscriptionId = options.subscriptionId ?? "5ab00000-0000-4000-8000-000000000001";
  const clientId = options.clientId ?? "c11e0000-0000-4000-8000-000000000001";
  const objectId = options.objectId ?? "0b1ec700-0000-4000-8000-000000000001";
  const job = azure.github.registerJob({
    repository: "octo/shop",
    repositoryId: "599293758",
    ownerId: "1844662",
    event: "schedule",
    ref: "refs/heads/main",
    ...options.job,
  });
  azure.entra.addTenant({ id: tenantId, domain: "octo.onmicrosoft.com", name: "Octo" });
  azure.arm.addSubscription({ id: subscriptionId, tenantId, name: "Octo sandbox" });
  const federatedCredentials = [
    { name: "gh-main", issuer: job.issuer, subject: job.subject, audience: "api://AzureADTokenExchange" },
  ];
  const identity = { tenantId, clientId, objectId, name: "mayfly-reaper", federatedCredentials };
  const principal =
    options.kind === "application" ? azure.entra.addApplication(identity) : azure.entra.addManagedIdentity(identity);
  azure.arm.assignRole(objectId, options.role ?? REAPER_ROLE, `/subscriptions/${subscriptionId}`);
  const assign: Team["assign"] = (role, scope, condition) => {
    azure.arm.assignRole(objectId, role, typeof scope === "string" ? scope : scope.id, condition);
  };
  return { tenantId, subscriptionId, clientId, principal, job, assign };
}
