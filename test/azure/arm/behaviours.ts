import { networkBehaviour, PLAIN_NETWORK_TYPES, subnetBehaviour } from "../network/network-types.ts";
import type { Json } from "../wire.ts";
import type { TypeBehaviour } from "./behaviour.ts";
import { federatedCredentialBehaviour, identityBehaviour } from "./identities.ts";
import { lockBehaviour } from "./locks.ts";
import { roleAssignmentBehaviour } from "./role-assignments.ts";
import { roleDefinitionBehaviour } from "./role-definitions.ts";
import type { ArmWorld } from "./world.ts";

/** Every type that the emulator knows from the start. */
export const BEHAVIOURS: readonly TypeBehaviour[] = [
  lockBehaviour,
  roleAssignmentBehaviour,
  roleDefinitionBehaviour,
  { type: "Microsoft.Authorization/denyAssignments", seconds: 0 },
  { type: "Microsoft.Resources/deployments" },
  identityBehaviour,
  federatedCredentialBehaviour,
  networkBehaviour,
  subnetBehaviour,
  ...PLAIN_NETWORK_TYPES,
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
