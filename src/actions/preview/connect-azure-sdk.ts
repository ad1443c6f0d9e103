import { connectArm } from "../../azure/arm.ts";
import { connectBarriers } from "../../azure/barriers.ts";
import type { Cloud } from "../../azure/cloud.ts";
import { connectStateContainer } from "../../azure/connect-state-container.ts";
import { connectCredential } from "../../azure/credential.ts";
import { connectEnvironmentGroups } from "../../azure/environment-groups.ts";
import { connectResourceGroups } from "../../azure/resource-groups.ts";
import type { Runner } from "../../kit/runner.ts";
import { PREVIEWS } from "../clusters/explain-namespace-denial.ts";
import { connectIdToken } from "../github-id-token.ts";
import type { ConnectedAzure } from "./connect-azure.ts";
import type { AzureWorld } from "./world.ts";

/** Who asks Azure, and which. */
export interface Identity {
  readonly cloud: Cloud;
  readonly clientId: string;
  readonly tenantId: string;
}

export type Azure = Omit<AzureWorld, "subscriptionId"> & Pick<ConnectedAzure, "openCluster">;

/** The adapters for Azure. This file brings the SDK with it: import it when it is needed. */
export function connectAzureSdk(runner: Runner, { cloud, clientId, tenantId }: Identity): Azure {
  const world = { ...runner, random: Math.random };
  const credential = connectCredential({ ...world, cloud, clientId, tenantId, idToken: connectIdToken(world) });
  const time = { ...world, left: () => Number.POSITIVE_INFINITY };
  const { cancelled, environment } = runner;
  const arm = connectArm({ cloud, credential, time, cancelled, environment });
  return {
    groups: { ...connectEnvironmentGroups(arm), ...connectResourceGroups(arm) },
    barriers: connectBarriers(arm),
    armSkewMs: arm.skewMs,
    // Where environments have groups of their own, what it takes to speak to a cluster is not loaded.
    openCluster: async (place) => {
      const { connectClusters } = await import("../clusters/connect-clusters.ts");
      return connectClusters(arm, runner, PREVIEWS)(place);
    },
    stateContainer: (account, container) =>
      connectStateContainer({ clientId, cloud, credential, account, container, time, cancelled, environment }),
  };
}
