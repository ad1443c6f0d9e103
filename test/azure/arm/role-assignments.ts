import { asText, type Json } from "../wire.ts";
import { propertiesOf } from "./authorization.ts";
import type { TypeBehaviour } from "./behaviour.ts";
import type { ConditionFacts } from "./conditions.ts";
import { ArmFailure, resourceNotFound } from "./failure.ts";
import { parseResourceId } from "./resource-id.ts";
import { builtInDefinition, ROLE_DEFINITION } from "./role-definitions.ts";
import type { ArmWorld } from "./world.ts";

export const ROLE_ASSIGNMENT = "Microsoft.Authorization/roleAssignments";

/** Role assignments: they count from the moment they are there, and hang on what they are for. */
export const roleAssignmentBehaviour: TypeBehaviour = {
  type: ROLE_ASSIGNMENT,
  seconds: 0,
  prepare: ({ id, body, previous, world }) => {
    const given = propertiesOf(body);
    const scope = id.scope;
    requireScope(world, scope);
    requireDefinition(world, `${given["roleDefinitionId"]}`);
    if (world.settings.principalsMustExist) requirePrincipal(world, given);
    const same = world.store
      .list(ROLE_ASSIGNMENT, scope)
      .find((other) => other.key !== id.key && sameAssignment(propertiesOf(other.body), { ...given, scope }));
    if (same !== undefined) {
      const existing = same.name.replaceAll("-", "");
      throw new ArmFailure(
        409,
        "RoleAssignmentExists",
        `The role assignment already exists. The ID of the existing role assignment is ${existing}.`,
      );
    }
    const now = world.clock.now().toISOString();
    const created = asText(propertiesOf(previous)["createdOn"]) ?? now;
    return { properties: { principalType: "ServicePrincipal", ...given, scope, createdOn: created, updatedOn: now } };
  },
};

/** What conditions of those who give roles look at. */
export function assignmentFacts(given: Json | undefined, there: Json | undefined): Omit<ConditionFacts, "action"> {
  return { request: attributesOf(given), resource: attributesOf(there) };
}

function attributesOf(body: Json | undefined): Readonly<Record<string, string>> {
  const { roleDefinitionId, principalId, principalType = "ServicePrincipal" } = propertiesOf(body);
  if (roleDefinitionId === undefined) return {};
  const attributes = {
    roledefinitionid: `${roleDefinitionId}`.split("/").at(-1) ?? "",
    principalid: `${principalId}`,
    principaltype: `${principalType}`,
  };
  const named = Object.entries(attributes).map(([name, value]) => [`${ROLE_ASSIGNMENT}:${name}`.toLowerCase(), value]);
  return Object.fromEntries(named);
}

/** @throws ArmFailure where the scope is a resource that is not there */
function requireScope({ store }: ArmWorld, scope: string): void {
  const id = parseResourceId(scope);
  if (id === undefined || !/\/providers\//i.test(scope) || store.find(scope) !== undefined) return;
  throw resourceNotFound(id.type, id.name, id.resourceGroup);
}

function requireDefinition({ store }: ArmWorld, definitionId: string): void {
  const guid = definitionId.split("/").at(-1) ?? "";
  const custom = store.list(ROLE_DEFINITION, "/").some(({ name }) => name.toLowerCase() === guid.toLowerCase());
  if (custom || builtInDefinition(guid, "") !== undefined) return;
  throw new ArmFailure(
    404,
    "RoleDefinitionDoesNotExist",
    `The specified role definition with ID '${guid.replaceAll("-", "")}' does not exist.`,
  );
}

/** Who says what kind of principal it is, is not asked whether it is there already. */
function requirePrincipal({ directory }: ArmWorld, { principalId, principalType }: Json): void {
  if (principalType !== undefined || directory.principalByObject(`${principalId}`) !== undefined) return;
  throw principalNotFound(`${principalId}`);
}

/** What ARM says of a principal that has not spread in the directory yet. */
export function principalNotFound(principalId: string): ArmFailure {
  return new ArmFailure(
    400,
    "PrincipalNotFound",
    `Principal ${principalId.replaceAll("-", "")} does not exist in the directory. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype`,
  );
}

function sameAssignment(a: Json, b: Json): boolean {
  const guid = (properties: Json) => `${properties["roleDefinitionId"]}`.split("/").at(-1)?.toLowerCase();
  const fold = (properties: Json, name: string) => `${properties[name]}`.toLowerCase();
  return (
    guid(a) === guid(b) && fold(a, "principalId") === fold(b, "principalId") && fold(a, "scope") === fold(b, "scope")
  );
}
