import { asText, type Json } from "../wire.ts";
import { propertiesOf } from "./authorization.ts";
import type { PreparedWrite, TypeBehaviour } from "./behaviour.ts";
import { ArmFailure } from "./failure.ts";
import { federatedCredentialBehaviour, identityBehaviour } from "./identities.ts";
import { lockBehaviour } from "./locks.ts";
import type { ArmWorld } from "./world.ts";

const roleAssignments: TypeBehaviour = {
  type: "Microsoft.Authorization/roleAssignments",
  seconds: 0,
  prepare: ({ id, body, previous, world }) => {
    const given = propertiesOf(body);
    const scope = id.scope;
    const same = world.store
      .list("Microsoft.Authorization/roleAssignments", scope)
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

function sameAssignment(a: Json, b: Json): boolean {
  const guid = (properties: Json) => `${properties["roleDefinitionId"]}`.split("/").at(-1)?.toLowerCase();
  const fold = (properties: Json, name: string) => `${properties[name]}`.toLowerCase();
  return (
    guid(a) === guid(b) && fold(a, "principalId") === fold(b, "principalId") && fold(a, "scope") === fold(b, "scope")
  );
}

const roleDefinitions: TypeBehaviour = {
  type: "Microsoft.Authorization/roleDefinitions",
  seconds: 0,
  prepare: ({ body, previous, world }) => {
    const now = world.clock.now().toISOString();
    const created = asText(propertiesOf(previous)["createdOn"]) ?? now;
    return { properties: { type: "CustomRole", ...propertiesOf(body), createdOn: created, updatedOn: now } };
  },
};

/** Echoed with a state, since clients wait for one. */
function echo(type: string): TypeBehaviour {
  const prepare = ({ body }: PreparedWrite) => ({
    ...body,
    properties: { ...propertiesOf(body), provisioningState: "Succeeded" },
  });
  return { type, prepare };
}

/** Every type that the emulator knows from the start. */
export const BEHAVIOURS: readonly TypeBehaviour[] = [
  lockBehaviour,
  roleAssignments,
  roleDefinitions,
  { type: "Microsoft.Authorization/denyAssignments", seconds: 0 },
  { type: "Microsoft.Resources/deployments" },
  identityBehaviour,
  federatedCredentialBehaviour,
  echo("Microsoft.Network/virtualNetworks"),
  echo("Microsoft.Network/virtualNetworks/subnets"),
  echo("Microsoft.Network/publicIPAddresses"),
  echo("Microsoft.Storage/storageAccounts"),
];

/** What a group deny assignment holds, in the shape ARM lists. */
export function denyAssignmentBody(options: {
  readonly name: string;
  readonly actions: readonly string[];
  readonly notActions?: readonly string[];
  readonly excludePrincipals?: readonly string[];
  readonly scope: string;
  readonly systemProtected?: boolean;
}): Json {
  const { name, actions, notActions = [], excludePrincipals = [], scope, systemProtected = true } = options;
  return {
    properties: {
      denyAssignmentName: name,
      description: name,
      permissions: [{ actions, notActions, dataActions: [], notDataActions: [] }],
      scope,
      doNotApplyToChildScopes: false,
      principals: [{ id: "00000000-0000-0000-0000-000000000000", type: "SystemDefined" }],
      excludePrincipals: excludePrincipals.map((id) => ({ id, type: "ServicePrincipal" })),
      isSystemProtected: systemProtected,
    },
  };
}

/** Puts the behaviours into a world. */
export function knownBehaviours(): ArmWorld["behaviours"] {
  return new Map(BEHAVIOURS.map((behaviour) => [behaviour.type.toLowerCase(), behaviour]));
}
