import type { Access, ServedKind } from "../kubernetes/cluster.ts";
import type { KubeObject } from "../kubernetes/kube-object.ts";
import { groupOf } from "./cluster-kinds.ts";

export interface AccessFacts {
  /** Of the release. */
  readonly namespace: string;
  /** The kinds of the objects as the cluster serves them; one that it does not serve is told elsewhere. */
  readonly served: readonly ServedKind[];
  /** Whether helm 4 waits with its own watcher, which lists and watches each kind of the chart. */
  readonly watched?: boolean;
}

/** What helm does with each object: it looks, makes, changes, and takes away what a chart no longer has. */
const OBJECT_VERBS = ["get", "create", "patch", "delete"] as const;
/** helm keeps a release in Secrets, and replaces them. */
const STORAGE_VERBS = ["get", "list", "create", "update", "delete"] as const;
/** What tells why something does not become ready. */
const EVIDENCE: ReadonlyArray<readonly [verb: string, group: string, resource: string]> = [
  ["list", "", "pods"],
  ["watch", "", "pods"],
  ["list", "", "events"],
  ["list", "apps", "replicasets"],
  ["get", "", "pods/log"],
];

/** All that whoever deploys has to be allowed, each once. */
export function listRequiredAccess(
  objects: readonly KubeObject[],
  { namespace, served, watched = true }: AccessFacts,
): readonly Access[] {
  const known = new Map(served.map((kind) => [`${kind.apiVersion}/${kind.kind}`, kind]));
  const found = new Map<string, Access>();
  const add = (access: Access): void => {
    found.set(JSON.stringify(access), access);
  };
  for (const { apiVersion, kind, metadata } of objects) {
    const kindOfIt = known.get(`${apiVersion}/${kind}`);
    if (kindOfIt === undefined) continue;
    const place = kindOfIt.namespaced ? { namespace: metadata.namespace ?? namespace } : {};
    for (const verb of [...OBJECT_VERBS, ...(kindOfIt.namespaced && watched ? ["list", "watch"] : [])]) {
      add({ verb, group: groupOf({ apiVersion }), resource: kindOfIt.resource, ...place });
    }
  }
  for (const verb of STORAGE_VERBS) add({ verb, group: "", resource: "secrets", namespace });
  for (const [verb, group, resource] of EVIDENCE) add({ verb, group, resource, namespace });
  return [...found.values()];
}

/** What is missing, and for each place a role that has it, ready for `kubectl apply`. */
export function renderMissingAccess(denied: readonly Access[]): string {
  const spaces = Map.groupBy(denied, ({ namespace }) => namespace ?? "");
  return [...spaces.entries()].map(([namespace, accesses]) => renderRole(namespace, accesses)).join("\n");
}

function renderRole(namespace: string, denied: readonly Access[]): string {
  const resources = Map.groupBy(denied, ({ group, resource }) => `${group}/${resource}`);
  const told = [...resources.values()].map((same) => {
    const [{ group, resource } = { group: "", resource: "" }] = same;
    return { group, resource, verbs: same.map(({ verb }) => verb).join(", ") };
  });
  const everywhere = namespace === "";
  const azure = everywhere
    ? "Azure Kubernetes Service RBAC Cluster Admin on the cluster"
    : `Azure Kubernetes Service RBAC Writer (Admin, where the chart has roles) on <cluster id>/namespaces/${namespace}`;
  return [
    `The cluster does not allow ${told.map(({ verbs, resource }) => `${verbs} ${resource}`).join("; ")} ${everywhere ? "in the whole cluster" : `in namespace ${namespace}`}.`,
    `To do: with Azure RBAC give the identity the role ${azure}; else bind it to this role:`,
    "apiVersion: rbac.authorization.k8s.io/v1",
    `kind: ${everywhere ? "ClusterRole" : "Role"}`,
    everywhere ? "metadata: { name: mayfly-deploy }" : `metadata: { name: mayfly-deploy, namespace: ${namespace} }`,
    "rules:",
    ...told.map(
      ({ group, resource, verbs }) => `  - { apiGroups: ["${group}"], resources: ["${resource}"], verbs: [${verbs}] }`,
    ),
  ].join("\n");
}
