import { UserError } from "../kit/user-error.ts";
import { shellQuote } from "../paste/quote.ts";
import type { ArmRefusal } from "./arm-refusal.ts";
import { clusterId } from "./cluster-facts.ts";
import type { ClusterPlace } from "./managed-clusters.ts";

/** A built-in role that lets an identity do something with a cluster in ARM. */
interface ClusterRole {
  readonly name: string;
  readonly id: string;
}

/** https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/containers */
const ROLES: Readonly<Record<"user" | "admin", ClusterRole>> = {
  user: { name: "Azure Kubernetes Service Cluster User Role", id: "4abbcc35-e782-43d8-92c5-2d3f1bd2253f" },
  admin: { name: "Azure Kubernetes Service Cluster Admin Role", id: "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8" },
};

/** What runCommand needs; no built-in role but the wide ones has both. */
const COMMAND_ACTIONS = ["read", "runCommand/action", "commandResults/read"].map(
  (action) => `Microsoft.ContainerService/managedClusters/${action}`,
);

/** A refusal for want of a role, with the lines that give it; undefined for any other (a deny assignment, say). */
export function explainMissingRole(
  clause: string,
  refusal: ArmRefusal,
  place: ClusterPlace,
  role: keyof typeof ROLES,
): UserError | undefined {
  if (!lacksRole(refusal)) return undefined;
  const { name, id } = ROLES[role];
  return new UserError(
    "cluster-role-missing",
    `${clause}: ${sayWho(refusal)} lacks the role "${name}" (${id}) on ${clusterId(place)}, or it was given minutes ago and does not count yet.\nTo do: ${renderAssignment(refusal, name, clusterId(place))}`,
    { cause: refusal },
  );
}

/** The same for runCommand, whose rights are best given as a role of their own. */
export function explainMissingCommandRole(
  clause: string,
  refusal: ArmRefusal,
  place: ClusterPlace,
): UserError | undefined {
  if (!lacksRole(refusal)) return undefined;
  const group = `/subscriptions/${place.subscriptionId}/resourceGroups/${place.resourceGroup}`;
  const name = `AKS run command ${place.name}`;
  const definition = JSON.stringify({ Name: name, Actions: COMMAND_ACTIONS, AssignableScopes: [group] });
  return new UserError(
    "cluster-role-missing",
    `${clause}: ${sayWho(refusal)} needs ${COMMAND_ACTIONS.slice(1).join(" and ")} on ${clusterId(place)}. Contributor has them; a role of its own has no more:\nTo do: az role definition create --role-definition ${shellQuote(definition)}\n  ${renderAssignment(refusal, name, clusterId(place))}`,
    { cause: refusal },
  );
}

function lacksRole({ status, fault }: ArmRefusal): boolean {
  return status === 403 && !fault.code.startsWith("DenyAssignment");
}

/** ARM names who asked: https://learn.microsoft.com/azure/role-based-access-control/troubleshooting */
function principalOf({ fault }: ArmRefusal): { readonly client: string; readonly objectId: string } | undefined {
  const [, client, objectId] = /The client '([^']+)' with object id '([^']+)'/i.exec(fault.message) ?? [];
  return client === undefined || objectId === undefined ? undefined : { client, objectId };
}

function sayWho(refusal: ArmRefusal): string {
  const principal = principalOf(refusal);
  return principal === undefined
    ? "the identity"
    : `the identity ${principal.client} (object id ${principal.objectId})`;
}

function renderAssignment(refusal: ArmRefusal, role: string, scope: string): string {
  const principal = principalOf(refusal);
  // By object id, so that az need not look the identity up in the directory, which few may.
  const who =
    principal === undefined
      ? "--assignee <client-id>"
      : `--assignee-object-id ${shellQuote(principal.objectId)} --assignee-principal-type ServicePrincipal`;
  return `az role assignment create ${who} --role ${shellQuote(role)} --scope ${shellQuote(scope)}`;
}
