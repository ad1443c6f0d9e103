import { randomBytes } from "node:crypto";
import { propertiesOf } from "../arm/authorization.ts";
import type { PreparedWrite, TypeBehaviour } from "../arm/behaviour.ts";
import { ArmFailure } from "../arm/failure.ts";
import type { ResourceDocument } from "../arm/store.ts";
import type { ArmWorld } from "../arm/world.ts";
import { asObject, asText, type Json, jsonResponse, type WireResponse } from "../wire.ts";

export const STORAGE_ACCOUNT = "Microsoft.Storage/storageAccounts";

/** The services of an account that have a document of their own, and what is in it at first. */
const SERVICES: Readonly<Record<string, Json>> = {
  blobServices: {
    cors: { corsRules: [] },
    deleteRetentionPolicy: { allowPermanentDelete: false, enabled: false },
    containerDeleteRetentionPolicy: { enabled: false },
  },
  fileServices: { cors: { corsRules: [] }, shareDeleteRetentionPolicy: { enabled: true, days: 7 } },
  queueServices: { cors: { corsRules: [] } },
  tableServices: { cors: { corsRules: [] } },
};

export interface StorageSettings {
  /** Whether `listKeys` of an account whose keys are switched off is refused, too. */
  listKeysRefused: boolean;
}

/** The two keys of each account, by its key in the store. */
export type AccountKeys = Map<string, readonly string[]>;

/** Storage accounts: names are unique in all of Azure; the services are documents below them. */
export function accountBehaviour(settings: StorageSettings, keys: AccountKeys): TypeBehaviour {
  return {
    type: STORAGE_ACCOUNT,
    deleteSeconds: 0,
    acceptStatus: 202,
    prepare: prepareAccount,
    stored: (account, world) => {
      for (const [service, properties] of Object.entries(SERVICES)) {
        const id = `${account.id}/${service}/default`;
        if (world.store.find(id) === undefined) world.store.put(id, { properties });
      }
    },
    removed: ({ key }) => void keys.delete(key),
    actions: { listkeys: (account, call) => listKeys(account, call.world, settings, keys) },
  };
}

/** The account's keys, made when somebody asks first. */
export function keysOf(keys: AccountKeys, account: string): readonly string[] {
  const key = account.toLowerCase();
  const known = keys.get(key) ?? [randomBytes(64).toString("base64"), randomBytes(64).toString("base64")];
  keys.set(key, known);
  return known;
}

function prepareAccount({ id, body, previous, world }: PreparedWrite): Json {
  if (!/^[a-z0-9]{3,24}$/.test(id.name)) {
    throw new ArmFailure(
      400,
      "AccountNameInvalid",
      `${id.name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.`,
    );
  }
  const taken = world.store.list(STORAGE_ACCOUNT, "/").some(({ key, name }) => key !== id.key && name === id.name);
  if (taken) {
    throw new ArmFailure(409, "StorageAccountAlreadyTaken", `The storage account named ${id.name} is already taken.`);
  }
  const sku = asText(asObject(body["sku"])?.["name"]) ?? "Standard_LRS";
  const kind = asText(body["kind"]) ?? "StorageV2";
  const given = propertiesOf(body);
  const before = propertiesOf(previous);
  const now = world.clock.now().toISOString();
  const endpoints = ["blob", "dfs", "file", "queue", "table"].map(
    (service) => [service, `https://${id.name}.${service}.core.windows.net/`] as const,
  );
  return {
    ...body,
    kind,
    sku: { name: sku, tier: sku.split("_")[0] ?? "Standard" },
    properties: {
      accessTier: "Hot",
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      allowSharedKeyAccess: true,
      defaultToOAuthAuthentication: false,
      minimumTlsVersion: "TLS1_2",
      publicNetworkAccess: "Enabled",
      supportsHttpsTrafficOnly: true,
      networkAcls: { bypass: "AzureServices", defaultAction: "Allow", ipRules: [], virtualNetworkRules: [] },
      encryption: encryptionAt(now),
      ...given,
      creationTime: before["creationTime"] ?? now,
      keyCreationTime: before["keyCreationTime"] ?? { key1: now, key2: now },
      primaryEndpoints: { ...Object.fromEntries(endpoints), web: `https://${id.name}.z6.web.core.windows.net/` },
      primaryLocation: body["location"],
      privateEndpointConnections: [],
      statusOfPrimary: "available",
      provisioningState: "Succeeded",
    },
  };
}

function encryptionAt(now: string): Json {
  const service = { enabled: true, keyType: "Account", lastEnabledTime: now };
  return { keySource: "Microsoft.Storage", services: { blob: service, file: service } };
}

function listKeys(
  account: ResourceDocument,
  { clock }: ArmWorld,
  settings: StorageSettings,
  keys: AccountKeys,
): WireResponse {
  if (settings.listKeysRefused && propertiesOf(account.body)["allowSharedKeyAccess"] === false) {
    throw new ArmFailure(
      403,
      "KeyBasedAuthenticationNotPermitted",
      "Key based authentication is not permitted on this storage account.",
    );
  }
  const creationTime = clock.now().toISOString();
  const shown = keysOf(keys, account.key).map((value, index) => ({
    keyName: `key${index + 1}`,
    value,
    permissions: "FULL",
    creationTime,
  }));
  return jsonResponse(200, { keys: shown });
}
