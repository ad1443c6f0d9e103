import type { Arm } from "../arm/arm.ts";
import { propertiesOf } from "../arm/authorization.ts";
import type { Clock } from "../clock.ts";
import { clusterBehaviour } from "./cluster-type.ts";
import { poolBehaviour } from "./pool-type.ts";
import { setPower } from "./power.ts";
import { findPublicAddress, PUBLIC_NAME } from "./public-names.ts";
import { type Entrance, findEntrance, type RealCluster, requireCluster } from "./real-clusters.ts";
import { type CommandPlan, createCommands } from "./run-command.ts";
import { type CommandJob, type CommandResult, runShell } from "./run-shell.ts";
import { type AksSettings, defaultAksSettings } from "./settings.ts";
import { answerIssuer, type WorkloadTokenOptions, workloadToken } from "./workload-tokens.ts";

/** Managed clusters in ARM, and the issuers of their tokens. A real Kubernetes is behind those that a test connects. */
export interface Aks {
  readonly settings: AksSettings;
  /**
   * Puts a real cluster behind one that is in ARM: kubeconfigs have its authority, its name leads to it through the
   * proxy, commands run against it. @throws Error where ARM has no such cluster
   */
  connect(clusterId: string, real: RealCluster): void;
  /** Stops or starts a cluster at once. */
  setPower(clusterId: string, power: "Running" | "Stopped"): void;
  /** Runs the commands of `runCommand` from now on, whatever cluster they are for. */
  onCommand(run: (job: CommandJob) => CommandResult | Promise<CommandResult>): void;
  /** Fails a coming `runCommand`: see `COMMAND_FAILURES`. */
  planCommand(plan: CommandPlan): void;
  /** Where a connection to an API server's name ends. */
  entrance(host: string): Entrance;
  /** The address of the load balancer that has taken a name of `cloudapp.azure.com`; undefined where nobody has. */
  publicAddress(host: string): Promise<string | undefined>;
  /** A token as a pod of a cluster has it. @throws Error for a cluster without an issuer */
  workloadToken(options: WorkloadTokenOptions): string;
  /** Answers issuers' hosts; undefined for others. */
  answer(url: URL): ReturnType<typeof answerIssuer>;
}

export function createAks(arm: Arm, clock: Clock): Aks {
  const settings = defaultAksSettings();
  const clusters = new Map<string, RealCluster>();
  const plans: CommandPlan[] = [];
  let handler: ((job: CommandJob) => CommandResult | Promise<CommandResult>) | undefined;
  const commands = createCommands({
    settings,
    plans,
    run: (job) => {
      if (handler !== undefined) return Promise.resolve(handler(job));
      const real = clusters.get(job.cluster.toLowerCase());
      return real === undefined ? undefined : runShell(real, job);
    },
  });
  arm.define(clusterBehaviour(settings, clusters, commands.start));
  arm.define(poolBehaviour(settings));
  arm.define({ type: "Microsoft.ContainerService/managedClusters/maintenanceConfigurations", seconds: 0 });
  arm.addRoute(commands.route);
  return {
    settings,
    connect: (clusterId, real) => {
      const cluster = requireCluster(arm.store, clusterId);
      clusters.set(cluster.key, real);
      if (real.issuer === undefined) return;
      const oidcIssuerProfile = { enabled: true, issuerURL: real.issuer.url };
      cluster.body = { ...cluster.body, properties: { ...propertiesOf(cluster.body), oidcIssuerProfile } };
    },
    setPower: (clusterId, power) => setPower(requireCluster(arm.store, clusterId), power),
    onCommand: (run) => {
      handler = run;
    },
    planCommand: (plan) => {
      plans.push(plan);
    },
    entrance: (host) => {
      arm.settle();
      return findEntrance(arm.store, clusters, settings, host);
    },
    publicAddress: async (host) => {
      const [, label = "", region] = PUBLIC_NAME.exec(host) ?? [];
      const inRegion = [...clusters].filter(([id]) => arm.store.find(id)?.body["location"] === region);
      return findPublicAddress(
        label,
        inRegion.map(([, real]) => real),
      );
    },
    workloadToken: (options) => workloadToken(arm.store, clock, options),
    answer: (url) => answerIssuer(arm.store, url, clusters),
  };
}
