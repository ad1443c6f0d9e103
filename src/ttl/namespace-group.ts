import type { GroupFacts } from "./facts.ts";
import type { NamespaceFacts } from "./namespace.ts";
import { EXPIRY, MARK, tagsLike } from "./tags.ts";

/**
 * A namespace in the shape of a resource group. What a group's tags say, a namespace says by a label (the mark, so that
 * it can be selected) and by an annotation (the end, since no label may hold a date); only these become tags.
 *
 * @param clusterId the resource id of its cluster
 */
export function asGroup(clusterId: string, namespace: NamespaceFacts): GroupFacts {
  return {
    id: namespaceId(clusterId, namespace.name),
    subscriptionId: clusterId,
    name: namespace.name,
    location: "",
    tags: { ...tagsLike(namespace.annotations, EXPIRY), ...tagsLike(namespace.labels, MARK) },
    managedBy: undefined,
    provisioningState: namespace.deleting ? "Deleting" : "Succeeded",
    namespace,
  };
}

/** `<cluster id>/namespaces/<name>`, as Azure writes the scope of a role in a namespace. */
export function namespaceId(clusterId: string, name: string): string {
  return `${clusterId}/namespaces/${name}`;
}

/** Whether something that has an end stands in a cluster: then a cluster's resource id is where a subscription's GUID is. */
export function isCluster(subscriptionId: string): boolean {
  return subscriptionId.startsWith("/");
}

/** Who answers for what has this id. */
export function answererOf(id: string): "ARM" | "the cluster" {
  return parseNamespaceId(id) === undefined ? "ARM" : "the cluster";
}

const FORM = /\/managedClusters\/([^/]+)\/namespaces\/([^/]+)$/i;

export interface NamespaceNames {
  readonly cluster: string;
  readonly name: string;
}

/** What people call something by: a group by its name, a namespace by its own and its cluster's. */
export function titleOf(id: string): string {
  const namespace = parseNamespaceId(id);
  return namespace === undefined ? (id.split("/").at(-1) ?? id) : `${namespace.name} in ${namespace.cluster}`;
}

/** The names in a namespace's id; undefined for the id of a group. */
export function parseNamespaceId(id: string): NamespaceNames | undefined {
  const [, cluster, name] = FORM.exec(id) ?? [];
  return cluster === undefined || name === undefined ? undefined : { cluster, name };
}
