import type { Arm } from "../arm/arm.ts";
import { propertiesOf } from "../arm/authorization.ts";
import { ArmFailure } from "../arm/failure.ts";
import { begin, operationHeaders, takePlan } from "../arm/operations.ts";
import { page } from "../arm/paging.ts";
import type { ResourceDocument } from "../arm/store.ts";
import type { ArmCall, ArmWorld } from "../arm/world.ts";
import { asText, emptyResponse, type Json, type WireResponse } from "../wire.ts";

const TYPE = "Microsoft.KeyVault/locations/deletedVaults";
const DAY = 24 * 3600 * 1000;

/** Vaults that were deleted and are not purged: documents of their subscription, that nothing cascades to. */
export interface DeletedVaults {
  /** The vault as it was, by name without regard to case. */
  find(name: string): ResourceDocument | undefined;
  /** Keeps a vault that is being removed, until it is purged or its time is over. */
  keep(vault: ResourceDocument, world: ArmWorld): void;
  /** Takes one out: it was purged or recovered. */
  forget(name: string, world: ArmWorld): void;
}

/** `purged` is told of each vault whose contents are gone for good. */
export function createDeletedVaults(arm: Arm, purged: (vault: ResourceDocument) => void): DeletedVaults {
  const vaults = new Map<string, { readonly vault: ResourceDocument; readonly id: string }>();
  const forget: DeletedVaults["forget"] = (name, { store }) => {
    const id = vaults.get(name.toLowerCase())?.id;
    vaults.delete(name.toLowerCase());
    if (id !== undefined) store.remove(id);
  };
  const purgeNow = (name: string, world: ArmWorld) => {
    const vault = vaults.get(name.toLowerCase())?.vault;
    if (vault !== undefined) purged(vault);
    forget(name, world);
  };
  arm.define({
    type: TYPE,
    seconds: 0,
    actions: { purge: (document, call) => purge(document, call, () => purgeNow(document.name, call.world)) },
  });
  arm.addRoute(listDeleted);
  return {
    find: (name) => vaults.get(name.toLowerCase())?.vault,
    forget,
    keep: (vault, world) => {
      const location = asText(vault.body["location"]) ?? "";
      const id = `/subscriptions/${vault.subscriptionId}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${vault.name}`;
      const kept = { vault: { ...vault }, id };
      vaults.set(vault.name.toLowerCase(), kept);
      const { softDeleteRetentionInDays, enablePurgeProtection } = propertiesOf(vault.body);
      const purgedAt = world.clock.time() + Number(softDeleteRetentionInDays ?? 90) * DAY;
      const properties: Json = {
        vaultId: vault.id,
        location,
        tags: vault.body["tags"] ?? {},
        deletionDate: world.clock.now().toISOString(),
        scheduledPurgeDate: new Date(purgedAt).toISOString(),
        ...(enablePurgeProtection === true ? { purgeProtectionEnabled: true } : {}),
      };
      world.store.put(id, { properties });
      world.timeline.at(purgedAt, () => {
        if (vaults.get(vault.name.toLowerCase()) === kept) purgeNow(vault.name, world);
      });
    },
  };
}

/** `GET /subscriptions/{id}/providers/Microsoft.KeyVault/deletedVaults`: of all locations. */
function listDeleted(call: ArmCall): WireResponse | undefined {
  const subscription = /^(\/subscriptions\/[^/]+)\/providers\/Microsoft\.KeyVault\/deletedVaults$/i.exec(
    call.path,
  )?.[1];
  if (call.method !== "GET" || subscription === undefined) return undefined;
  call.world.authorization.require(call.caller, ["Microsoft.KeyVault/deletedVaults/read"], subscription);
  return page(call, call.world.store.list(TYPE, subscription));
}

function purge(document: ResourceDocument, call: ArmCall, ended: () => void): WireResponse {
  const { world } = call;
  if (propertiesOf(document.body)["purgeProtectionEnabled"] === true) {
    throw new ArmFailure(400, "MethodNotAllowed", "Operation 'DeletedVaultPurge' is not allowed.");
  }
  const plan = takePlan(world, document.id, "delete");
  const error = plan?.error;
  const seconds = plan?.seconds ?? world.settings.writeSeconds;
  const operation = begin(world, document.key, "delete", { seconds, error, ended: error ? () => undefined : ended });
  const { location, "retry-after": retryAfter } = operationHeaders(call, document, operation);
  return emptyResponse(202, { location: location ?? "", "retry-after": retryAfter ?? "" });
}
