import { asText, type Json } from "../wire.ts";
import { propertiesOf } from "./authorization.ts";
import type { TypeBehaviour } from "./behaviour.ts";
import { ArmFailure } from "./failure.ts";
import { equalTo } from "./filter.ts";
import { BUILT_IN_ROLES } from "./roles.ts";
import type { ResourceDocument } from "./store.ts";
import type { ArmWorld } from "./world.ts";

export const ROLE_DEFINITION = "Microsoft.Authorization/roleDefinitions";
const ROLE_ASSIGNMENT = "Microsoft.Authorization/roleAssignments";

/** Custom roles: one document per subscription, wherever they are asked for. They count in authorization. */
export const roleDefinitionBehaviour: TypeBehaviour = {
  type: ROLE_DEFINITION,
  seconds: 0,
  updateStatus: 201,
  canonical: ({ scope, name }) => `${subscriptionOf(scope)}/providers/${ROLE_DEFINITION}/${name}`,
  prepare: ({ id, body, previous, world }) => {
    const given = propertiesOf(body);
    const roleName = asText(given["roleName"]);
    if (roleName === undefined || !Array.isArray(given["permissions"])) {
      throw new ArmFailure(400, "InvalidRoleDefinition", "The role definition needs a roleName and permissions.");
    }
    const taken = listRoleDefinitions(world, id.scope, undefined).find(
      (other) => other.name !== id.name && sameText(propertiesOf(other.body)["roleName"], roleName),
    );
    if (taken !== undefined) {
      throw new ArmFailure(
        409,
        "RoleDefinitionWithSameNameExists",
        `A custom role with the same name already exists in this directory. Use a different name. The ID of the existing role is '${taken.name}'.`,
      );
    }
    const now = world.clock.now().toISOString();
    const createdOn = asText(propertiesOf(previous)["createdOn"]) ?? now;
    return { properties: { ...given, type: "CustomRole", createdOn, updatedOn: now } };
  },
  removable: ({ name }, { store }) => {
    const used = store
      .list(ROLE_ASSIGNMENT, "/")
      .some(({ body }) => sameText(`${propertiesOf(body)["roleDefinitionId"]}`.split("/").at(-1), name));
    if (!used) return;
    throw new ArmFailure(
      400,
      "RoleDefinitionHasAssignments",
      "There are existing role assignments referencing role (code: RoleDefinitionHasAssignments).",
    );
  },
};

/** The roles of a scope's subscription, built-in ones first. @throws ArmFailure for a filter that ARM does not have */
export function listRoleDefinitions(
  { store }: ArmWorld,
  scope: string,
  filter: string | undefined,
): readonly ResourceDocument[] {
  const name = equalTo(filter, "roleName");
  const type = equalTo(filter, "type");
  const subscription = subscriptionOf(scope);
  const all = [
    ...BUILT_IN_ROLES.map((role) => builtInDefinition(role.id, subscription)).filter((role) => role !== undefined),
    ...store.list(ROLE_DEFINITION, subscription === "" ? "/" : subscription),
  ];
  return all.filter(
    ({ body }) =>
      (name === undefined || sameText(propertiesOf(body)["roleName"], name)) &&
      (type === undefined || sameText(propertiesOf(body)["type"], type)),
  );
}

/** A built-in role as a document of a subscription. */
export function builtInDefinition(guid: string, subscription: string): ResourceDocument | undefined {
  const role = BUILT_IN_ROLES.find(({ id }) => id === guid.toLowerCase());
  if (role === undefined) return undefined;
  const { name, actions, notActions = [], dataActions = [], notDataActions = [] } = role;
  const id = `${subscription}/providers/${ROLE_DEFINITION}/${role.id}`;
  const properties: Json = {
    roleName: name,
    type: "BuiltInRole",
    description: name,
    assignableScopes: ["/"],
    permissions: [{ actions, notActions, dataActions, notDataActions }],
  };
  return { id, key: id.toLowerCase(), type: ROLE_DEFINITION, name: role.id, scope: subscription, body: { properties } };
}

function subscriptionOf(scope: string): string {
  return /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? "";
}

function sameText(a: unknown, b: string): boolean {
  return `${a}`.toLowerCase() === b.toLowerCase();
}
