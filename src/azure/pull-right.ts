import { shellQuote } from "../paste/quote.ts";
import type { ArmConnection } from "./arm-connection.ts";
import { ArmRefusal } from "./arm-refusal.ts";
import { type ArmFields, asFields, askArm, asText, explained, listAllOfArm, readBody } from "./ask-arm.ts";
import { allowsAction, allowsDataAction, type Permission, readPermissions } from "./role-permissions.ts";

export interface PullQuestion {
  /** The registry's resource id. */
  readonly registryId: string;
  /** Of the identity that the cluster's nodes pull with. */
  readonly kubeletObjectId: string;
  /**
   * Also counts roles that a group of it has, by ARM's filter `assignedTo`, whose working nobody has confirmed here.
   * Without it a role that is given through a group looks missing.
   */
  readonly throughGroups?: boolean;
}

/** Whether nodes may pull from a registry; `command` gives them the right. */
export type PullRight =
  | { readonly kind: "granted"; readonly because: string }
  | { readonly kind: "missing"; readonly because: string; readonly command: string }
  | { readonly kind: "unknown"; readonly because: string; readonly command: string };

const PULL = "Microsoft.ContainerRegistry/registries/pull/read";
const CONTENT = "Microsoft.ContainerRegistry/registries/repositories/content/read";

/**
 * Whether a cluster's nodes may pull from a registry, by the roles of the kubelet's identity. In a registry with
 * repository permissions AcrPull, Owner and Contributor count for nothing. A role that was just given takes minutes to
 * count: https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions
 *
 * @throws UserError when ARM cannot be asked; that it may not be asked is `unknown`
 */
export async function readPullRight(connection: ArmConnection, question: PullQuestion): Promise<PullRight> {
  const { registryId, kubeletObjectId } = question;
  return explained(connection, `Cannot see who may pull from ${registryId}`, async () => {
    let command = renderCommand(question, false);
    try {
      const registry = asFields(
        readBody(await askArm(connection, "GET", `${registryId}?api-version=2025-11-01`))["properties"],
      );
      const abac = registry["roleAssignmentMode"] === "AbacRepositoryPermissions";
      command = renderCommand(question, abac);
      if (registry["anonymousPullEnabled"] === true)
        return { kind: "granted", because: "the registry lets everybody pull" };
      const roles = await listRoles(connection, question);
      const granting = roles.filter(({ permissions }) =>
        abac ? allowsDataAction(permissions, CONTENT) : allowsAction(permissions, PULL),
      );
      const whole = granting.find(({ condition }) => !abac || condition === undefined);
      if (whole !== undefined) return { kind: "granted", because: `it has the role "${whole.name}"` };
      const [limited] = granting;
      if (limited !== undefined) {
        const because = `it has the role "${limited.name}" for the repositories that a condition allows`;
        return { kind: "unknown", because, command };
      }
      return { kind: "missing", because: sayMissing(roles, kubeletObjectId, abac), command };
    } catch (error) {
      if (!(error instanceof ArmRefusal) || error.status !== 403) throw error;
      const because = `the job's identity may not read the role assignments of the registry (${error.fault.code})`;
      return { kind: "unknown", because, command };
    }
  });
}

interface Role {
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly condition: string | undefined;
}

/** The roles that a principal has at the registry or above it. */
async function listRoles(connection: ArmConnection, question: PullQuestion): Promise<readonly Role[]> {
  const { registryId, kubeletObjectId, throughGroups = false } = question;
  const id = kubeletObjectId.replaceAll("'", "''");
  const filter = encodeURIComponent(throughGroups ? `assignedTo('${id}')` : `principalId eq '${id}'`);
  const path = `${registryId}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&$filter=${filter}`;
  const assignments = (await listAllOfArm(connection, path)).map(({ properties }) => asFields(properties));
  const counting = assignments.filter(({ scope }) => !isBelow(asText(scope) ?? "", registryId));
  return Promise.all(counting.map((assignment) => readRole(connection, assignment)));
}

async function readRole(connection: ArmConnection, { roleDefinitionId, condition }: ArmFields): Promise<Role> {
  const definition = asText(roleDefinitionId) ?? "";
  const body = readBody(await askArm(connection, "GET", `${definition}?api-version=2022-04-01`));
  const properties = asFields(body["properties"]);
  return {
    name: asText(properties["roleName"]) ?? definition,
    permissions: readPermissions(properties),
    condition: asText(condition),
  };
}

/** ARM lists what is at, above and below a scope. */
function isBelow(scope: string, registryId: string): boolean {
  return scope.toLowerCase().startsWith(`${registryId.toLowerCase()}/`);
}

function sayMissing(roles: readonly Role[], objectId: string, abac: boolean): string {
  const has = roles.length === 0 ? "no role" : `only ${roles.map(({ name }) => `"${name}"`).join(", ")}`;
  const why = abac && roles.length > 0 ? ", which gives no image of a registry with repository permissions" : "";
  return `the kubelet's identity (object id ${objectId}) has ${has} on the registry${why}`;
}

function renderCommand({ registryId, kubeletObjectId }: PullQuestion, abac: boolean): string {
  const role = abac ? "Container Registry Repository Reader" : "AcrPull";
  return `az role assignment create --assignee-object-id ${shellQuote(kubeletObjectId)} --assignee-principal-type ServicePrincipal --role ${shellQuote(role)} --scope ${shellQuote(registryId)}`;
}
