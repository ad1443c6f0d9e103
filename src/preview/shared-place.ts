import type { GroupFacts } from "../ttl/facts.ts";
import type { StoryPlace } from "./story.ts";

/** A namespace in a cluster that outlives the environment. */
export interface SharedPlace {
  readonly cluster: string | undefined;
  readonly namespace: string | undefined;
}

/** A cluster's resource id, as the input `cluster` may have it. */
const CLUSTER_ID = /\/resourceGroups\/([^/]+)\/.*\/([^/]+)$/i;

/**
 * Where an environment has a namespace in a shared cluster: its cluster is in none of its own resource groups, and stays
 * when they go. Both fields are undefined for a cluster of its own; the whole where nobody knows.
 *
 * @param groups the environment's own
 */
export function findSharedPlace(
  { cluster, clusterResourceGroup, namespace }: StoryPlace,
  groups: readonly Pick<GroupFacts, "name">[],
): SharedPlace | undefined {
  if (cluster === "" || namespace === "") return undefined;
  const [, group = clusterResourceGroup, name = cluster] = CLUSTER_ID.exec(cluster) ?? [];
  const own = groups.some((one) => one.name.toLowerCase() === group.toLowerCase());
  return own ? { cluster: undefined, namespace: undefined } : { cluster: name, namespace };
}
