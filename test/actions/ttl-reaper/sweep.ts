import { run } from "../../../src/actions/ttl-reaper/run.ts";
import { CLUSTER, type ClusterOptions, type ClusterSimulation, simulateCluster } from "./cluster-simulation.ts";
import { inputs } from "./inputs.ts";
import { NOW } from "./night.ts";

export const PAST = { labels: { "auto-destroy": "true" }, annotations: { "expires-at": "2026-11-21T08:00:00Z" } };
export const FUTURE = { ...PAST, annotations: { "expires-at": "2026-11-22T08:00:00Z" } };

/** A run over the cluster alone, unless more is said. */
export async function reap(options: Omit<ClusterOptions, "now">, given: Readonly<Record<string, string>> = {}) {
  const cluster = simulateCluster({ now: NOW, ...options });
  const settings = inputs({ "subscription-ids": "", clusters: CLUSTER, ...given });
  return { cluster, ...(await run(settings, cluster.world)) };
}

export const removed = (cluster: ClusterSimulation): readonly string[] =>
  cluster.removed.map(({ name }) => name).sort();
