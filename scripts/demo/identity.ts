import { randomUUID } from "node:crypto";
import { GITHUB_ISSUER } from "../../test/azure/github/issuer.ts";
import type { Theatre } from "./theatre.ts";

/** A managed identity of the team's tenant, and the one subject whose jobs may use it. */
export interface IdentityOptions {
  readonly name: string;
  readonly subject: string;
  /** Each with the resource id that it counts below. */
  readonly roles: readonly (readonly [role: string, scope: string])[];
}

/** Adds an identity that may read the subscription, and what its roles say besides. Returns its client id. */
export function addIdentity({ azure, team }: Theatre, { name, subject, roles }: IdentityOptions): string {
  const [clientId, objectId] = [randomUUID(), randomUUID()];
  const credential = { name: "github", issuer: GITHUB_ISSUER, subject, audience: "api://AzureADTokenExchange" };
  const { tenantId, subscriptionId } = team;
  azure.entra.addManagedIdentity({ tenantId, clientId, objectId, name, federatedCredentials: [credential] });
  azure.arm.assignRole(objectId, "Reader", `/subscriptions/${subscriptionId}`);
  for (const [role, scope] of roles) azure.arm.assignRole(objectId, role, scope);
  return clientId;
}
