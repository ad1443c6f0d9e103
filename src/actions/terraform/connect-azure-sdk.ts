import { connectArm } from "../../azure/arm.ts";
import type { Cloud } from "../../azure/cloud.ts";
import { connectStateContainer, prepareStateContainers } from "../../azure/connect-state-container.ts";
import { connectCredential } from "../../azure/credential.ts";
import { connectEnvironmentGroups } from "../../azure/environment-groups.ts";
import { connectResourceGroups } from "../../azure/resource-groups.ts";
import type { Runner } from "../../kit/runner.ts";
import { connectIdToken } from "../github-id-token.ts";
import type { AzureWorld } from "./world.ts";

/** Who asks Azure, and which. */
export interface Identity {
  readonly cloud: Cloud;
  readonly clientId: string;
  readonly tenantId: string;
}

export interface Azure extends Pick<AzureWorld, "groups" | "stateContainer"> {
  idToken(audience: string): Promise<string>;
  /** Fetches the tokens, and loads what is needed with them, for what will be asked soon. */
  prepare(soon: Soon): Promise<unknown>;
}

/** What will be asked once terraform's init is over. */
export interface Soon {
  readonly groups: boolean;
  readonly state: boolean;
}

/** The adapters for Azure. This file brings the SDK with it: import it when it is needed. */
export function connectAzureSdk(runner: Runner, { cloud, clientId, tenantId }: Identity): Azure {
  const world = { ...runner, random: Math.random };
  const idToken = connectIdToken(world);
  const credential = connectCredential({ ...world, cloud, clientId, tenantId, idToken });
  const time = { ...world, left: () => Number.POSITIVE_INFINITY };
  const { cancelled, environment } = runner;
  const arm = connectArm({ cloud, credential, time, cancelled, environment });
  return {
    idToken,
    prepare: ({ groups, state }) =>
      Promise.all([
        groups ? credential.getToken(cloud.armScope) : undefined,
        state ? prepareStateContainers(credential) : undefined,
      ]),
    groups: { ...connectEnvironmentGroups(arm), find: connectResourceGroups(arm).find },
    stateContainer: (account, container) =>
      connectStateContainer({ clientId, cloud, credential, account, container, time, cancelled, environment }),
  };
}
