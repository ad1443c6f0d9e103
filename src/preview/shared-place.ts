import type { GroupFacts } from "../ttl/facts.ts";
import type { StoryPlace } from "./story.ts";

/** A namespace in a cluster that outlives the environment. */
export interface SharedPlace {
  readonly cluster: string | undefined;
  readonly namespace: string | undefined;
}

/** A cluster's resource id, as the input `cluster` may have it. */
const CLUSTER_ID = /\/resourceGroups\/([^/]+)\/.*\/([^/]+)$/i;

/** What tells a shared cluster from one of the environment's own. */
export interface ClusterFacts {
  /** Whether the workflow named the cluster, so that its teardown has to as well. */
  readonly given: boolean;
  /** The environment's own groups. */
  readonly groups: readonly Pick<GroupFacts, "name">[];
}

/**
 * Where an environment has a namespace that a teardown finds only in a cluster that it is given: a cluster outside of its
 * own resource groups, which the workflow named, or beside which no group stands. One that terraform names beside groups
 * is found by the teardown's terraform, too. Both fields are undefined for such a one and a cluster of its own; the whole
 * where nobody knows.
 */
export function findSharedPlace(
  { cluster, clusterResourceGroup, namespace }: StoryPlace,
  { given, groups }: ClusterFacts,
): SharedPlace | undefined {
  if (cluster === "" || namespace === "") return undefined;
  const [, group = clusterResourceGroup, name = cluster] = CLUSTER_ID.exec(cluster) ?? [];
  const own = groups.some((one) => one.name.toLowerCase() === group.toLowerCase());
  const shared = !own && (given || groups.length === 0);
  return shared ? { cluster: name, namespace } : { cluster: undefined, namespace: undefined };
}
