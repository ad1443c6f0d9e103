import { isCluster } from "../../ttl/namespace-group.ts";
import type { Groups, World } from "./world.ts";

/** Groups of subscriptions and namespaces of clusters as one. Clusters are opened when the first is asked for. */
export function joinPlaces(groups: Groups, clusters: () => Promise<Groups>): Groups {
  const of = async (id: string): Promise<Groups> => (isCluster(id) ? clusters() : groups);
  return {
    list: async function* (id) {
      yield* (await of(id)).list(id);
    },
    find: async (id, name) => (await of(id)).find(id, name),
    reserveDelete: async (id) => (await of(id)).reserveDelete(id),
    delete: async (id, name, types, seen) => (await of(id)).delete(id, name, types, seen),
    findOperation: groups.findOperation,
  };
}

/** Locks and deny assignments are ARM's, and stop no namespace. */
export function onlyOfSubscriptions(barriers: World["barriers"]): World["barriers"] {
  return {
    listLocks: async (id) => (isCluster(id) ? [] : barriers.listLocks(id)),
    listDenyAssignments: async (id) => (isCluster(id) ? [] : barriers.listDenyAssignments(id)),
  };
}
