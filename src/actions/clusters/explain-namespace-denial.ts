import type { ClusterFacts } from "../../azure/managed-clusters.ts";
import { UserError } from "../../kit/user-error.ts";
import { shellQuote } from "../../paste/quote.ts";

/** Who works with the namespaces of a cluster. */
export interface Visitor {
  /** What the role that it needs is called, such as `namespace reaper`. */
  readonly role: string;
  /** All that it does with namespaces, as roles of Kubernetes say it. */
  readonly verbs: readonly ("get" | "list" | "patch" | "delete")[];
}

export const REAPER: Visitor = { role: "namespace reaper", verbs: ["get", "list", "delete"] };
export const PREVIEWS: Visitor = { role: "previews", verbs: ["get", "list", "patch", "delete"] };

interface Denial {
  readonly visitor: Visitor;
  readonly facts: ClusterFacts;
  /** The identity's object id; undefined where its token did not say. */
  readonly objectId: string | undefined;
  /** In the API server's words; may be empty. */
  readonly said: string;
}

/** The same in Azure. No built-in role has as little: neither reads a Secret or starts a pod. */
const RIGHTS = { get: "read", list: "read", patch: "write", delete: "delete" } as const;

/** The API server knows the identity, and shows it no namespaces: which right is missing, and the lines that give it. */
export function explainNamespaceDenial({ visitor, facts, objectId, said }: Denial): UserError {
  const who = objectId === undefined ? "The job's identity" : `The job's identity (object id ${objectId})`;
  const verb = visitor.verbs.includes("patch") ? "list and change" : "list";
  const what = `${who} may not ${verb} the namespaces of the cluster "${facts.name}". Nothing in it was deleted.`;
  const words = said === "" ? "" : `\nIts words: ${said}`;
  const lines =
    facts.auth === "aad-azure-rbac" ? giveAzureRole(visitor, facts, objectId) : giveClusterRole(visitor, objectId);
  return new UserError("cluster-access-denied", `${what}${words}\n${lines.join("\n")}`);
}

function giveAzureRole(
  { role: kind, verbs }: Visitor,
  { id, name }: ClusterFacts,
  objectId: string | undefined,
): readonly string[] {
  const group = id.replace(/\/providers\/.*$/, "");
  const role = `Mayfly ${kind} ${name}`;
  const rights = new Set(verbs.map((verb) => `Microsoft.ContainerService/managedClusters/namespaces/${RIGHTS[verb]}`));
  const definition = JSON.stringify({ Name: role, DataActions: [...rights], AssignableScopes: [group] });
  return [
    "To do: let stacks/foundation give it (shared_cluster), or give it a role of its own; it counts after some minutes:",
    `  az role definition create --role-definition ${shellQuote(definition)}`,
    `  az role assignment create --assignee-object-id ${shellQuote(objectId ?? "<object-id>")} --assignee-principal-type ServicePrincipal --role ${shellQuote(role)} --scope ${shellQuote(id)}`,
  ];
}

function giveClusterRole({ role, verbs }: Visitor, objectId: string | undefined): readonly string[] {
  const name = `mayfly-${role.split(" ").at(-1)}`;
  return [
    "To do: give it a role in the cluster, as somebody who may:",
    `  kubectl create clusterrole ${name} --verb=${verbs.join(",")} --resource=namespaces`,
    `  kubectl create clusterrolebinding ${name} --clusterrole=${name} --user=${shellQuote(objectId ?? "<object-id>")}`,
  ];
}
