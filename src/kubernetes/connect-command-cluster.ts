import type { Cluster } from "./cluster.ts";
import { createCommandPodAccess } from "./command-pod-access.ts";
import { createCommandQueue, type RunCommand } from "./command-queue.ts";
import { createCommandTransport } from "./command-transport.ts";
import { type ClusterOptions, connectCluster } from "./connect-cluster.ts";
import type { Login } from "./login.ts";
import type { PodAccess } from "./pod-access.ts";

/** A command waits for Azure's pod, and for the one before it. */
const REQUEST_MS = 10 * 60_000;

/** The pod that asks has a login of its own. */
const LOGIN: Login = {
  credentials: async () => ({ tls: {}, headers: {}, proxy: undefined, generation: 0 }),
  renew: () => undefined,
};

/**
 * A cluster whose API server nobody here reaches, by commands that Azure runs in a pod there. Each takes many seconds, so
 * that what is asked at the same moment goes in one; whoever follows gets a list again and again instead of a watch.
 * A port cannot be forwarded. Of the kubeconfig only address and namespace count.
 *
 * What is read this way, secrets and tokens included, passes through ARM's results of commands, which whoever has
 * `commandResults/read` on the cluster can see there.
 *
 * @throws UserError as `connectCluster` does
 */
export function connectCommandCluster(run: RunCommand, options: ClusterOptions): Cluster & PodAccess {
  const ask = createCommandQueue(run);
  const way = { transport: createCommandTransport(ask), login: LOGIN };
  const limits = { requestMs: REQUEST_MS, tries: 2, ...options.limits };
  const cluster = connectCluster({ ...options, way, limits });
  return { ...cluster, ...createCommandPodAccess(ask) };
}
