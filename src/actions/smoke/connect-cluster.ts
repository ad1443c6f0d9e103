import { connectArmConnection } from "../../azure/arm-connection.ts";
import { type CloudInputs, chooseCloud } from "../../azure/cloud.ts";
import { connectManagedClusters } from "../../azure/connect-managed-clusters.ts";
import { connectCredential } from "../../azure/credential.ts";
import { parseClusterId } from "../../azure/parse-cluster-id.ts";
import type { Runner } from "../../kit/runner.ts";
import { UserError } from "../../kit/user-error.ts";
import type { RunCommand } from "../../kubernetes/command-queue.ts";
import { type ClusterOptions, connectCluster } from "../../kubernetes/connect-cluster.ts";
import { connectCommandCluster } from "../../kubernetes/connect-command-cluster.ts";
import { readRoute } from "../cluster-route.ts";
import { connectIdToken } from "../github-id-token.ts";
import type { SmokeCluster } from "./world.ts";

export interface ClusterInputs extends CloudInputs {
  readonly kubeconfig: string | undefined;
  readonly kubeContext: string | undefined;
  readonly clientId: string | undefined;
  readonly tenantId: string | undefined;
}

export interface ClusterOnly {
  /** Only tests give one. */
  readonly httpClient?: NonNullable<Parameters<typeof connectCredential>[0]["httpClient"]>;
}

export type ClusterRunner = Pick<
  Runner,
  "environment" | "cancelled" | "idToken" | "mask" | "now" | "monotonic" | "sleep" | "log"
>;

/**
 * The cluster of the job's kubeconfig: directly, or by commands that Azure runs in it where `aks-set-context` found no
 * other way. Undefined where the job has no kubeconfig and names none. Nothing is asked yet.
 *
 * @throws UserError `kubeconfig-missing` for one that is named and not there, `kubeconfig-invalid`,
 *   `route-needs-login` where commands need a login in Azure that the job does not have
 */
export function connectSmokeCluster(
  runner: ClusterRunner,
  inputs: ClusterInputs,
  cancelled: AbortSignal = runner.cancelled,
  only: ClusterOnly = {},
): SmokeCluster | undefined {
  const { environment, mask, now, log } = runner;
  const sleep = (milliseconds: number): Promise<void> => runner.sleep(milliseconds, cancelled);
  const { kubeconfig, kubeContext: context } = inputs;
  const options: ClusterOptions = { kubeconfig, context, environment, cancelled, mask, now, sleep, warn: log.warning };
  try {
    if (readRoute(environment, kubeconfig) === "direct") return connectCluster(options);
    return connectCommandCluster(connectCommands(runner, inputs, cancelled, only), options);
  } catch (error) {
    const named = kubeconfig !== undefined || environment["KUBECONFIG"];
    if (error instanceof UserError && error.code === "kubeconfig-missing" && !named) return undefined;
    throw error;
  }
}

/** Commands in the cluster that `aks-set-context` chose. */
function connectCommands(
  runner: ClusterRunner,
  inputs: ClusterInputs,
  cancelled: AbortSignal,
  only: ClusterOnly,
): RunCommand {
  const { clientId, tenantId } = inputs;
  const place = parseClusterId(runner.environment["MAYFLY_AKS_CLUSTER"] ?? "");
  if (place === undefined || clientId === undefined || tenantId === undefined) throw sayNoLogin(place !== undefined);
  const cloud = chooseCloud(inputs);
  const sleep = (milliseconds: number): Promise<void> => runner.sleep(milliseconds, cancelled);
  const world = { ...runner, ...only, cancelled, sleep, random: Math.random, debug: runner.log.debug };
  const credential = connectCredential({ ...world, cloud, clientId, tenantId, idToken: connectIdToken(world) });
  const time = { ...world, left: () => LONGEST_MS };
  const clusters = connectManagedClusters(connectArmConnection({ ...world, cloud, credential, time }));
  return (command, files) => clusters.runCommand(place, { command, ...(files === undefined ? {} : { files }) });
}

/** Of one command, Azure's pod included. */
const LONGEST_MS = 10 * 60_000;

function sayNoLogin(known: boolean): UserError {
  const missing = known
    ? "client-id and tenant-id: expected the identity that aks-set-context used, got nothing"
    : "MAYFLY_AKS_CLUSTER: expected the resource id of the cluster, as aks-set-context exports it, got none";
  return new UserError(
    "route-needs-login",
    `The cluster can be asked only by commands that Azure runs in it (MAYFLY_AKS_ROUTE=run-command), and for that ${missing}.\nTo do: run azure-login and aks-set-context in earlier steps of this job.`,
  );
}
