import type { Arm } from "../arm/arm.ts";
import type { Clock } from "../clock.ts";
import { clusterBehaviour } from "./cluster-type.ts";
import { poolBehaviour } from "./pool-type.ts";
import { type AksSettings, defaultAksSettings } from "./settings.ts";
import { answerIssuer, type WorkloadTokenOptions, workloadToken } from "./workload-tokens.ts";

/** Managed clusters in ARM, and the issuers of their tokens. No Kubernetes is behind them. */
export interface Aks {
  readonly settings: AksSettings;
  /** A token as a pod of a cluster has it. @throws Error for a cluster without an issuer */
  workloadToken(options: WorkloadTokenOptions): string;
  /** Answers issuers' hosts; undefined for others. */
  answer(url: URL): ReturnType<typeof answerIssuer>;
}

export function createAks(arm: Arm, clock: Clock): Aks {
  const settings = defaultAksSettings();
  arm.define(clusterBehaviour(settings));
  arm.define(poolBehaviour(settings));
  arm.define({ type: "Microsoft.ContainerService/managedClusters/maintenanceConfigurations", seconds: 0 });
  return {
    settings,
    workloadToken: (options) => workloadToken(arm.store, clock, options),
    answer: (url) => answerIssuer(arm.store, url),
  };
}
