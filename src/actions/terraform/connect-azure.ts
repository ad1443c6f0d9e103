import { chooseCloud } from "../../azure/cloud.ts";
import { nameStorageHost } from "../../azure/storage-host.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import { once } from "../../kit/once.ts";
import type { Runner } from "../../kit/runner.ts";
import { UserError } from "../../kit/user-error.ts";
import type { Soon } from "./connect-azure-sdk.ts";
import type { spec } from "./spec.ts";
import type { AzureWorld } from "./world.ts";

/** Azure for a job that may load the SDK whenever there is time for it. */
export interface LateAzure extends AzureWorld {
  /** Loads and fetches what would come with the first question. */
  prepare(soon: Soon): Promise<unknown>;
}

/**
 * Azure, as far as the job has an identity there. The SDK takes as long to load as all the rest, and terraform's init
 * needs none of it, so it comes with the first question, or with `prepare`.
 *
 * @throws UserError `bad-input` when only one of the two ids is there
 */
export function connectAzure(runner: Runner, inputs: InputsOf<typeof spec>): LateAzure | undefined {
  const { clientId, tenantId, subscriptionId } = inputs;
  if (clientId === undefined && tenantId === undefined) return undefined;
  if (clientId === undefined || tenantId === undefined) {
    const missing = clientId === undefined ? "client-id" : "tenant-id";
    const text = `${missing}: expected a value beside the other id, got nothing; run azure-login in an earlier step of this job: it exports both ids`;
    throw new UserError("bad-input", text);
  }
  const cloud = chooseCloud(inputs);
  const open = once(async () =>
    (await import("./connect-azure-sdk.ts")).connectAzureSdk(runner, { cloud, clientId, tenantId }),
  );
  const { environment } = runner;
  const mayAsk = Boolean(environment["ACTIONS_ID_TOKEN_REQUEST_URL"] && environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]);
  return {
    prepare: async (soon) => (await open()).prepare(soon),
    // Without the address nothing is asked, and the reason is told.
    requireIdToken: async () => {
      if (!mayAsk) await (await open()).idToken(cloud.audience);
    },
    subscriptionId,
    groups: {
      listByTag: async (...words) => (await open()).groups.listByTag(...words),
      mergeTags: async (...words) => (await open()).groups.mergeTags(...words),
      find: async (...words) => (await open()).groups.find(...words),
    },
    stateContainer: (account, container) => {
      // What is wrong with the account is said at once.
      nameStorageHost(cloud, account);
      const opened = once(async () => (await open()).stateContainer(account, container));
      return {
        find: async (...words) => (await opened()).find(...words),
        read: async (...words) => (await opened()).read(...words),
        write: async (...words) => (await opened()).write(...words),
        delete: async (...words) => (await opened()).delete(...words),
        list: async (...words) => (await opened()).list(...words),
        breakLease: async (...words) => (await opened()).breakLease(...words),
      };
    },
  };
}
