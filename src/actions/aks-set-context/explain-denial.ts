import type { ClusterFacts } from "../../azure/managed-clusters.ts";
import { UserError } from "../../kit/user-error.ts";
import { shellQuote } from "../../paste/quote.ts";

export interface Denial {
  readonly facts: ClusterFacts;
  readonly namespace: string;
  /** The identity's object id; undefined where its token did not say. */
  readonly objectId: string | undefined;
  /** In the API server's words; may be empty. */
  readonly said: string;
}

/** https://learn.microsoft.com/azure/aks/manage-azure-rbac */
const ROLE = { name: "Azure Kubernetes Service RBAC Writer", id: "a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb" } as const;
const WIDE_ROLE = {
  name: "Azure Kubernetes Service RBAC Cluster Admin",
  id: "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
} as const;

/** Azure's own words for a role that is missing: https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/ */
export function isAzureDenial(text: string): boolean {
  return /User does not have access to the resource in Azure|Update role assignment to allow access/i.test(text);
}

/** The identity is known, and may do nothing in the namespace: which role is missing, on which scope. */
export function explainDenial(denial: Denial): UserError {
  const { said } = denial;
  const words = said === "" ? "" : `\nIts words: ${said}`;
  return new UserError("cluster-access-denied", `${sayDenial(denial)}${words}\n${renderCure(denial)}`);
}

/** What is missing, in one sentence. */
export function sayDenial({ facts, namespace, objectId }: Denial): string {
  const who = objectId === undefined ? "The job's identity" : `The job's identity (object id ${objectId})`;
  const role =
    facts.auth === "aad-azure-rbac"
      ? `it has no role for Kubernetes on the cluster, such as "${ROLE.name}" (${ROLE.id})`
      : "no RoleBinding or ClusterRoleBinding names it";
  return `${who} may not even list pods in namespace "${namespace}" of the cluster "${facts.name}": ${role}.`;
}

/** The lines that let it in. */
export function renderCure({ facts, namespace, objectId }: Denial): string {
  const id = objectId ?? "<object-id>";
  if (facts.auth !== "aad-azure-rbac") {
    const subject = shellQuote(id);
    return [
      "To do: bind a role to it in the cluster, as somebody who may:",
      `  kubectl create rolebinding mayfly --clusterrole=edit --user=${subject} --namespace=${namespace}`,
    ].join("\n");
  }
  const line = (role: string, scope: string): string =>
    `  az role assignment create --assignee-object-id ${shellQuote(id)} --assignee-principal-type ServicePrincipal --role ${shellQuote(role)} --scope ${shellQuote(scope)}`;
  return [
    "To do: give it the role in this namespace; it counts after some minutes:",
    line(ROLE.name, `${facts.id}/namespaces/${namespace}`),
    "Also: who makes namespaces, CRDs or roles needs one on the whole cluster:",
    line(WIDE_ROLE.name, facts.id),
  ].join("\n");
}

/** The API server does not take the token for anybody's. */
export function explainUnknown({ facts, said }: Pick<Denial, "facts" | "said">): UserError {
  const words = said === "" ? "" : `: ${said}`;
  const todo =
    facts.auth === "local"
      ? "To do: the credential may have been rotated a moment ago; run the job again."
      : "To do: check that the cluster's Entra integration belongs to the tenant of this login:";
  const line =
    facts.auth === "local" ? "" : `\n  az aks show --ids ${shellQuote(facts.id)} --query aadProfile.tenantId`;
  return new UserError(
    "cluster-login-failed",
    `The API server of "${facts.name}" does not know this identity (401)${words}.\n${todo}${line}`,
  );
}
