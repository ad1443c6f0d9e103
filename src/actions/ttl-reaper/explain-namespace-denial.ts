import type { ClusterFacts } from "../../azure/managed-clusters.ts";
import { UserError } from "../../kit/user-error.ts";
import { shellQuote } from "../../paste/quote.ts";

interface Denial {
  readonly facts: ClusterFacts;
  /** The identity's object id; undefined where its token did not say. */
  readonly objectId: string | undefined;
  /** In the API server's words; may be empty. */
  readonly said: string;
}

/** All that a sweep does in a cluster. No built-in role has as little: the reaper reads no Secret and starts no pod. */
const RIGHTS = ["read", "delete"].map((verb) => `Microsoft.ContainerService/managedClusters/namespaces/${verb}`);

/** The API server knows the identity, and shows it no namespaces: which right is missing, and the lines that give it. */
export function explainNamespaceDenial({ facts, objectId, said }: Denial): UserError {
  const who = objectId === undefined ? "The job's identity" : `The job's identity (object id ${objectId})`;
  const what = `${who} may not list the namespaces of the cluster "${facts.name}". Nothing in it was deleted.`;
  const words = said === "" ? "" : `\nIts words: ${said}`;
  const lines = facts.auth === "aad-azure-rbac" ? giveAzureRole(facts, objectId) : giveClusterRole(objectId);
  return new UserError("cluster-access-denied", `${what}${words}\n${lines.join("\n")}`);
}

function giveAzureRole({ id, name }: ClusterFacts, objectId: string | undefined): readonly string[] {
  const group = id.replace(/\/providers\/.*$/, "");
  const role = `Mayfly namespace reaper ${name}`;
  const definition = JSON.stringify({ Name: role, DataActions: RIGHTS, AssignableScopes: [group] });
  return [
    "To do: let stacks/foundation give it (shared_cluster), or give it a role of its own; it counts after some minutes:",
    `  az role definition create --role-definition ${shellQuote(definition)}`,
    `  az role assignment create --assignee-object-id ${shellQuote(objectId ?? "<object-id>")} --assignee-principal-type ServicePrincipal --role ${shellQuote(role)} --scope ${shellQuote(id)}`,
  ];
}

function giveClusterRole(objectId: string | undefined): readonly string[] {
  return [
    "To do: give it a role in the cluster, as somebody who may:",
    "  kubectl create clusterrole mayfly-reaper --verb=get,list,delete --resource=namespaces",
    `  kubectl create clusterrolebinding mayfly-reaper --clusterrole=mayfly-reaper --user=${shellQuote(objectId ?? "<object-id>")}`,
  ];
}
