import { propertiesOf } from "../arm/authorization.ts";
import type { PreparedWrite, TypeBehaviour } from "../arm/behaviour.ts";
import { ArmFailure } from "../arm/failure.ts";
import { asText, type Json } from "../wire.ts";
import type { DeletedVaults } from "./deleted-vaults.ts";

export const VAULT = "Microsoft.KeyVault/vaults";

/** Key vaults: their names are unique in all of Azure, and stay taken after a deletion until the purge. */
export function vaultBehaviour(deleted: DeletedVaults): TypeBehaviour {
  return {
    type: VAULT,
    seconds: 0,
    prepare: (write) => prepareVault(write, deleted),
    removed: (document, world) => deleted.keep(document, world),
  };
}

function prepareVault(write: PreparedWrite, deleted: DeletedVaults): Json {
  const { id, body, previous, world } = write;
  if (!/^[A-Za-z](?!.*--)[A-Za-z0-9-]{1,22}[A-Za-z0-9]$/.test(id.name)) {
    throw new ArmFailure(
      400,
      "VaultNameNotValid",
      `The vault name '${id.name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens.`,
    );
  }
  const { createMode, ...given } = propertiesOf(body);
  const gone = deleted.find(id.name);
  const recovers = createMode === "recover";
  if (previous === undefined) {
    requireFreeName(write, gone !== undefined && !recovers);
    if (recovers && gone === undefined) {
      throw new ArmFailure(404, "DeletedVaultNotFound", `The deleted vault '${id.name}' was not found to recover.`);
    }
  }
  const before = propertiesOf(previous ?? (recovers ? gone?.body : undefined));
  if (before["enablePurgeProtection"] === true && given["enablePurgeProtection"] === false) {
    throw new ArmFailure(
      400,
      "BadRequest",
      'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.',
    );
  }
  if (recovers && previous === undefined) deleted.forget(id.name, world);
  return {
    ...(recovers ? gone?.body : {}),
    ...body,
    properties: {
      accessPolicies: [],
      enabledForDeployment: false,
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enableRbacAuthorization: false,
      publicNetworkAccess: "Enabled",
      ...(recovers ? before : {}),
      ...given,
      tenantId: asText(given["tenantId"]) ?? asText(before["tenantId"]),
      ...(before["enablePurgeProtection"] === true ? { enablePurgeProtection: true } : {}),
      vaultUri: `https://${id.name.toLowerCase()}.vault.azure.net/`,
      provisioningState: "Succeeded",
    },
  };
}

function requireFreeName({ id, world }: PreparedWrite, isDeleted: boolean): void {
  const fold = id.name.toLowerCase();
  if (world.store.list(VAULT, "/").some(({ name }) => name.toLowerCase() === fold)) {
    throw new ArmFailure(
      409,
      "VaultAlreadyExists",
      `The vault name '${id.name}' is already in use. Vault names are globally unique so it is possible that the name is already taken. If you are sure that the vault name was not taken then it is possible that a vault with the same name was recently deleted but not purged after being placed in a recoverable state. If the vault is in a recoverable state then the vault will need to be purged before reusing the name. For more information about VaultNameInUse error, see https://aka.ms/akv-docs.`,
    );
  }
  if (!isDeleted) return;
  throw new ArmFailure(
    409,
    "ConflictError",
    `A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.`,
  );
}
