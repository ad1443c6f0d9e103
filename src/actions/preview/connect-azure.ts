import { chooseCloud } from "../../azure/cloud.ts";
import type { ClusterPlace } from "../../azure/managed-clusters.ts";
import { nameStorageHost } from "../../azure/storage-host.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import { once } from "../../kit/once.ts";
import type { Runner } from "../../kit/runner.ts";
import { UserError } from "../../kit/user-error.ts";
import type { OpenCluster } from "../clusters/open-cluster.ts";
import type { spec } from "./spec.ts";
import type { AzureWorld } from "./world.ts";

/** Azure, and the clusters in it. */
export interface ConnectedAzure {
  readonly world: AzureWorld;
  openCluster(place: ClusterPlace): Promise<OpenCluster>;
}

/**
 * Azure, as far as the job has an identity there. The SDK comes with the first question: many runs of a gate end before.
 *
 * @throws UserError `bad-input` when only some of the three ids are there
 */
export function connectAzure(runner: Runner, inputs: InputsOf<typeof spec>): ConnectedAzure | undefined {
  const { clientId, tenantId, subscriptionId } = inputs;
  if (clientId === undefined && tenantId === undefined) return undefined;
  if (clientId === undefined || tenantId === undefined || subscriptionId === undefined) {
    const ids = { "client-id": clientId, "tenant-id": tenantId, "subscription-id": subscriptionId };
    const missing = Object.entries(ids).flatMap(([name, id]) => (id === undefined ? [name] : []));
    const text = `${missing.join(", ")}: expected a value beside the other ids, got nothing; set the repository's variables AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_SUBSCRIPTION_ID, or run azure-login in an earlier step of this job`;
    throw new UserError("bad-input", text);
  }
  const cloud = chooseCloud(inputs);
  const open = once(async () =>
    (await import("./connect-azure-sdk.ts")).connectAzureSdk(runner, { cloud, clientId, tenantId }),
  );
  let skewMs: () => number | undefined = () => undefined;
  const opened = async () => {
    const azure = await open();
    skewMs = azure.armSkewMs;
    return azure;
  };
  const world: AzureWorld = {
    subscriptionId,
    groups: {
      listByTag: async (...words) => (await opened()).groups.listByTag(...words),
      mergeTags: async (...words) => (await opened()).groups.mergeTags(...words),
      list: async function* (...words) {
        yield* (await opened()).groups.list(...words);
      },
      find: async (...words) => (await opened()).groups.find(...words),
      reserveDelete: async (...words) => (await opened()).groups.reserveDelete(...words),
      delete: async (...words) => (await opened()).groups.delete(...words),
      findOperation: async (...words) => (await opened()).groups.findOperation(...words),
    },
    barriers: {
      listLocks: async (...words) => (await opened()).barriers.listLocks(...words),
      listDenyAssignments: async (...words) => (await opened()).barriers.listDenyAssignments(...words),
    },
    armSkewMs: () => skewMs(),
    stateContainer: (account, container) => {
      // What is wrong with the account is said at once.
      nameStorageHost(cloud, account);
      const asked = once(async () => (await open()).stateContainer(account, container));
      return {
        find: async (...words) => (await asked()).find(...words),
        read: async (...words) => (await asked()).read(...words),
        write: async (...words) => (await asked()).write(...words),
        delete: async (...words) => (await asked()).delete(...words),
        list: async (...words) => (await asked()).list(...words),
        breakLease: async (...words) => (await asked()).breakLease(...words),
      };
    },
  };
  return { world, openCluster: async (place) => (await opened()).openCluster(place) };
}
