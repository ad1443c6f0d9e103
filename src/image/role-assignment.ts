import { shellQuote } from "../paste/quote.ts";
import type { Role } from "./registry-roles.ts";

/** Whom a role is for, and where. What is not known becomes a placeholder, or a question to az. */
export interface Assignee {
  /** The object id of the identity's service principal; not its client id. */
  readonly principalId: string | undefined;
  /** The registry's id in ARM. */
  readonly registryId: string | undefined;
  /** The registry's login server. */
  readonly host: string;
  /** `team/app`: a role that takes a condition is narrowed to `team/`. */
  readonly repository: string | undefined;
}

/** The line that gives an identity a role on a registry, ready to paste. */
export function renderRoleLine(role: Role, assignee: Assignee): string {
  const { principalId, repository } = assignee;
  const words = [
    "az role assignment create",
    // With the type, az asks Entra nothing, which a fresh identity may not be known to yet.
    `--assignee-object-id ${principalId === undefined ? "<object-id>" : shellQuote(principalId)}`,
    "--assignee-principal-type ServicePrincipal",
    `--role ${shellQuote(role.id)}`,
    `--scope ${renderScope(assignee)}`,
  ];
  if (repository !== undefined && role.actions.length > 0) {
    words.push(`--condition ${shellQuote(renderCondition(role, repository))}`, "--condition-version 2.0");
  }
  return words.join(" ");
}

/** The registry's id, or the question that finds it. */
function renderScope({ registryId, host }: Assignee): string {
  if (registryId !== undefined) return shellQuote(registryId);
  if (!/^[a-z0-9.-]+$/i.test(host)) return "<registry-id>";
  return `"$(az acr list --query "[?loginServer=='${host}'].id" --output tsv)"`;
}

const REGISTRIES = "Microsoft.ContainerRegistry/registries/repositories";

/**
 * The role counts only for repositories with the same beginning. The slash at its end is needed: without it `team` would
 * also be `teamster/app` (https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions).
 */
export function renderCondition({ actions }: Pick<Role, "actions">, repository: string): string {
  const others = actions.map((action) => `!(ActionMatches{'${REGISTRIES}/${action}'})`).join(" AND ");
  const name = `@Request[${REGISTRIES}:name]`;
  const prefix = repository.slice(0, repository.lastIndexOf("/") + 1);
  const test = prefix === "" ? `StringEqualsIgnoreCase '${repository}'` : `StringStartsWithIgnoreCase '${prefix}'`;
  return `((${others}) OR (${name} ${test}))`;
}
