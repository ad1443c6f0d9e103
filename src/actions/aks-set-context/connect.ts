import { connectArmConnection } from "../../azure/arm-connection.ts";
import { chooseCloud } from "../../azure/cloud.ts";
import { CLUSTER_SCOPE } from "../../azure/cluster-scope.ts";
import { connectManagedClusters } from "../../azure/connect-managed-clusters.ts";
import { connectCredential } from "../../azure/credential.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import { once } from "../../kit/once.ts";
import type { Runner } from "../../kit/runner.ts";
import type { PluginSettings } from "../../kubeconfig/plugin-settings.ts";
import { connectIdToken } from "../github-id-token.ts";
import { findEgressAddress } from "./connect-egress.ts";
import { makeKubeconfigFolder, runPlugin } from "./connect-folder.ts";
import { askServer } from "./connect-server.ts";
import type { spec } from "./spec.ts";
import type { World } from "./world.ts";

/** The real world: ARM, the plugin in a process of its own, the API server. */
export function connect(runner: Runner, inputs: InputsOf<typeof spec>): World {
  const cloud = chooseCloud(inputs);
  const { clientId, tenantId } = inputs;
  const world = { ...runner, random: Math.random, debug: runner.log.debug };
  const credential = connectCredential({ ...world, cloud, clientId, tenantId, idToken: connectIdToken(world) });
  const startedAt = runner.monotonic();
  // ARM may ask to come later; who waits for a cluster waits as long as for its API server, and a little.
  const left = (): number => startedAt + inputs.accessTimeout + ARM_PATIENCE_MS - runner.monotonic();
  const arm = connectArmConnection({ ...world, cloud, credential, time: { ...world, left } });
  const login: PluginSettings = {
    tenantId,
    clientId,
    authorityHost: cloud.authorityHost,
    cloud: cloud.name,
    audience: cloud.audience,
    usualAudience: cloud.usualAudience ?? "",
    scope: CLUSTER_SCOPE,
  };
  return {
    log: runner.log,
    environment: runner.environment,
    cancelled: runner.cancelled,
    now: runner.now,
    monotonic: runner.monotonic,
    sleep: runner.sleep,
    mask: runner.mask,
    clusters: connectManagedClusters(arm),
    login,
    makeFolder: () => makeKubeconfigFolder(runner),
    logIn: (folder, over) => runPlugin(folder, login, over, runner),
    ask: (entry) => askServer(entry, runner),
    findEgressAddress: once(() => findEgressAddress(runner.environment)),
    exportVariable: runner.exportVariable,
    summarize: runner.summarize,
  };
}

const ARM_PATIENCE_MS = 5 * 60_000;
