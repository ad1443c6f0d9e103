import type { Arm } from "../arm/arm.ts";
import { type AccountKeys, accountBehaviour, keysOf, STORAGE_ACCOUNT, type StorageSettings } from "./account-type.ts";
import { CONTAINER, containerBehaviour } from "./container-type.ts";

/** Storage accounts and their containers in ARM; blobs are another part's. */
export interface StorageAccounts {
  readonly settings: StorageSettings;
  /** The two keys of an account, by its resource id. */
  keysOf(account: string): readonly string[];
  /** Names of the containers that an account has in ARM, by the account's name. */
  containers(account: string): readonly string[];
}

export function createStorageAccounts(arm: Arm): StorageAccounts {
  const settings: StorageSettings = { listKeysRefused: false };
  const keys: AccountKeys = new Map();
  arm.define(accountBehaviour(settings, keys));
  for (const service of ["blobServices", "fileServices", "queueServices", "tableServices", "managementPolicies"])
    arm.define({ type: `${STORAGE_ACCOUNT}/${service}`, seconds: 0, createStatus: 200 });
  arm.define(containerBehaviour);
  return {
    settings,
    keysOf: (account) => keysOf(keys, account),
    containers: (account) => {
      arm.settle();
      const part = `/storageaccounts/${account}/`.toLowerCase();
      return arm.store.list(CONTAINER, "/").flatMap(({ key, name }) => (key.includes(part) ? [name] : []));
    },
  };
}
