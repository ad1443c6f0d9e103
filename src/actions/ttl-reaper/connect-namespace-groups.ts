import type { DeleteAnswer } from "../../azure/resource-groups.ts";
import { listClauses } from "../../kit/error-chain.ts";
import { oncePer } from "../../kit/once.ts";
import { KubeRefusal } from "../../kubernetes/kube-refusal.ts";
import type { Namespaces } from "../../kubernetes/namespaces.ts";
import type { GroupFacts } from "../../ttl/facts.ts";
import { asGroup } from "../../ttl/namespace-group.ts";
import type { OpenCluster } from "../clusters/open-cluster.ts";
import type { Groups } from "./world.ts";

type Swept = Pick<OpenCluster, "explain"> & { readonly namespaces: Pick<Namespaces, "list" | "find" | "remove"> };

/**
 * The namespaces of clusters as the reaper has groups: a cluster's resource id is where a subscription's id is. Each
 * cluster is opened once.
 */
export function connectNamespaceGroups(open: (clusterId: string) => Promise<Swept>): Groups {
  const opened = oncePer(open);
  return {
    list: async function* (clusterId) {
      const cluster = await opened(clusterId);
      try {
        // All of them, as with groups: who wrote the label in another way is told about it.
        for (const namespace of await cluster.namespaces.list("")) yield asGroup(clusterId, namespace);
      } catch (error) {
        throw await cluster.explain(error);
      }
    },
    find: async (clusterId, name) => {
      const cluster = await opened(clusterId);
      try {
        const found = await cluster.namespaces.find(name);
        return found === undefined ? undefined : asGroup(clusterId, found);
      } catch (error) {
        throw await cluster.explain(error);
      }
    },
    // The API server asks for patience itself.
    reserveDelete: () => Promise.resolve(),
    delete: async (clusterId, _, __, seen) => remove(await opened(clusterId), seen),
    findOperation: async () => ({ kind: "unknown", because: "the delete of a namespace has no operation" }),
  };
}

/** Only what was looked at: the API server compares uid and resourceVersion. */
async function remove(cluster: Swept, { namespace, name }: GroupFacts): Promise<DeleteAnswer> {
  if (namespace === undefined) throw new Error(`${name} is no namespace`);
  try {
    const answer = await cluster.namespaces.remove(namespace);
    if (answer === "gone") return { kind: "absent" };
    if (answer === "accepted") return { kind: "accepted", operation: undefined };
    return { kind: "again", because: "it was changed between the look and the delete" };
  } catch (error) {
    if (error instanceof KubeRefusal) return readRefusal(error);
    return { kind: "unanswered", because: listClauses(error).join(": ") };
  }
}

function readRefusal({ status, reason: kubeCode, message }: KubeRefusal): DeleteAnswer {
  if (status === 429) return { kind: "again", because: "the cluster throttled the delete" };
  if (status >= 500 || status === 408)
    return { kind: "unanswered", because: `the cluster answered ${status}: ${message}` };
  return { kind: "refused", status, fault: { code: kubeCode, message }, requestId: "" };
}
