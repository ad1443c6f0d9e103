import { propertiesOf } from "../arm/authorization.ts";
import type { ResourceDocument } from "../arm/store.ts";
import type { ArmWorld } from "../arm/world.ts";
import { asObject, type Json } from "../wire.ts";
import type { Keeping } from "./history.ts";

const ACCOUNT = "Microsoft.Storage/storageAccounts";
const CONTAINER = `${ACCOUNT}/blobServices/containers`;

export interface AddAccountOptions {
  /** 3 to 24 lower-case letters and digits. */
  readonly name: string;
  readonly subscriptionId: string;
  /** Its resource group, which is made where it is missing; `storage` where left out. */
  readonly group?: string;
  readonly containers?: readonly string[];
  /** Of the account in ARM: `allowSharedKeyAccess`, `publicNetworkAccess`, `networkAcls`. */
  readonly properties?: Json;
  /** Of its blob service: `isVersioningEnabled`, `deleteRetentionPolicy`. */
  readonly blobService?: Json;
}

/** A storage account as ARM knows it. */
export interface StorageAccount {
  readonly name: string;
  /** Its resource id. */
  readonly id: string;
  /** The resource id of one of its containers, a scope for roles. */
  containerId(name: string): string;
}

/**
 * Accounts and their containers. Those of a tenant are ARM's documents, whoever put them there; besides there are some of
 * Azure itself, which only links lead to.
 */
export interface Accounts {
  readonly world: ArmWorld;
  /** Whether there is such an account, in ARM or not. */
  has(name: string): boolean;
  find(name: string): StorageAccount | undefined;
  resourceOf(account: StorageAccount): ResourceDocument;
  add(options: AddAccountOptions): StorageAccount;
  /** Adds a container; in ARM where the account is there. */
  addContainer(account: string, container: string): void;
  removeContainer(account: string, container: string): void;
  findContainer(account: string, container: string): ResourceDocument | undefined;
  /** Names in alphabetical order. */
  listContainers(account: StorageAccount): readonly string[];
  hasContainer(account: string, container: string): boolean;
  keeping(account: string): Keeping;
}

/** @param emptied called for a container that is not the one it was, however it went: its blobs went with it. */
export function createAccounts(world: ArmWorld, emptied: (account: string, container: string) => void): Accounts {
  const { store, timeline } = world;
  const own = new Set<string>();
  const seen = new Map<string, ResourceDocument>();

  const find = (name: string): StorageAccount | undefined => {
    timeline.settle();
    const found = store.list(ACCOUNT, "/").find((each) => each.name.toLowerCase() === name);
    return found === undefined
      ? undefined
      : { name, id: found.id, containerId: (container) => containerId(found.id, container) };
  };
  const findContainer = (account: string, container: string) => {
    const known = find(account);
    const found = known === undefined ? undefined : store.find(known.containerId(container));
    const key = `${account}/${container}`;
    if (seen.get(key) !== found && seen.has(key)) emptied(account, container);
    if (found === undefined) seen.delete(key);
    else seen.set(key, found);
    return found;
  };
  const addContainer = (account: string, container: string) => {
    const known = find(account);
    if (known === undefined) own.add(`${account}/${container}`);
    else if (store.find(known.containerId(container)) === undefined) {
      const lastModifiedTime = world.clock.now().toISOString();
      const properties = { publicAccess: "None", leaseStatus: "Unlocked", leaseState: "Available", lastModifiedTime };
      store.put(known.containerId(container), { properties });
    }
  };
  return {
    world,
    has: (name) => [...own].some((each) => each.startsWith(`${name}/`)) || find(name) !== undefined,
    find,
    resourceOf: ({ id }) => {
      const found = store.find(id);
      if (found === undefined) throw new Error(`No account ${id}`);
      return found;
    },
    add: ({ name, subscriptionId, group = "storage", containers = [], properties = {}, blobService }) => {
      const groupId = `/subscriptions/${subscriptionId}/resourceGroups/${group}`;
      if (store.find(groupId) === undefined) {
        store.put(groupId, { location: "eastus", tags: {}, properties: { provisioningState: "Succeeded" } });
      }
      const id = `${groupId}/providers/${ACCOUNT}/${name}`;
      const primaryEndpoints = { blob: `https://${name}.blob.core.windows.net/` };
      const sku = { name: "Standard_LRS", tier: "Standard" };
      const all = { provisioningState: "Succeeded", primaryEndpoints, allowSharedKeyAccess: false, ...properties };
      store.put(id, { location: "eastus", kind: "StorageV2", sku, properties: all });
      if (blobService !== undefined) store.put(`${id}/blobServices/default`, { properties: blobService });
      for (const container of containers) addContainer(name, container);
      return { name, id, containerId: (container) => containerId(id, container) };
    },
    addContainer,
    removeContainer: (account, container) => {
      const known = find(account);
      if (known !== undefined) store.remove(known.containerId(container));
      findContainer(account, container);
    },
    findContainer,
    listContainers: ({ id }) =>
      store
        .list(CONTAINER, id)
        .map(({ name }) => name)
        .sort(),
    hasContainer: (account, container) =>
      own.has(`${account}/${container}`) || findContainer(account, container) !== undefined,
    keeping: (account) => {
      const known = find(account);
      const service = known === undefined ? undefined : store.find(`${known.id}/blobServices/default`);
      const { isVersioningEnabled, deleteRetentionPolicy } = propertiesOf(service?.body);
      const policy = asObject(deleteRetentionPolicy);
      const days = policy?.["enabled"] === true ? Number(policy["days"] ?? 7) : 0;
      return { versions: isVersioningEnabled === true, softDeleteDays: days };
    },
  };
}

function containerId(accountId: string, container: string): string {
  return `${accountId}/blobServices/default/containers/${container}`;
}
