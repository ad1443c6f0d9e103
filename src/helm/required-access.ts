import type { Access, ServedKind } from "../kubernetes/cluster.ts";
import type { KubeObject } from "../kubernetes/kube-object.ts";

export interface AccessFacts {
  /** Of the release. */
  readonly namespace: string;
  /** The kinds of the objects as the cluster serves them; one that it does not serve is told elsewhere. */
  readonly served: readonly ServedKind[];
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
  { namespace, served }: AccessFacts,
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
    for (const verb of [...OBJECT_VERBS, ...(kindOfIt.namespaced ? ["list", "watch"] : [])]) {
      add({ verb, group: groupOf(apiVersion), resource: kindOfIt.resource, ...place });
    }
  }
  for (const verb of STORAGE_VERBS) add({ verb, group: "", resource: "secrets", namespace });
  for (const [verb, group, resource] of EVIDENCE) add({ verb, group, resource, namespace });
  return [...found.values()];
}

/** What is missing, and a role that has it. */
export function renderMissingAccess(denied: readonly Access[]): string {
  const spaces = Map.groupBy(denied, ({ namespace }) => namespace ?? "");
  return [...spaces.entries()].map(([namespace, accesses]) => renderRole(namespace, accesses)).join("\n");
}

function renderRole(namespace: string, denied: readonly Access[]): string {
  const resources = Map.groupBy(denied, ({ group, resource }) => `${group}/${resource}`);
  const rules = [...resources.values()].flatMap((same) => {
    const [{ group, resource } = { group: "", resource: "" }] = same;
    const verbs = same.map(({ verb }) => verb).join(", ");
    return [`  - { apiGroups: ["${group}"], resources: [${resource}], verbs: [${verbs}] }`];
  });
  const where = namespace === "" ? "in the whole cluster" : `in namespace ${namespace}`;
  const role = namespace === "" ? "a ClusterRole" : "a Role";
  const azure =
    namespace === ""
      ? "Azure Kubernetes Service RBAC Cluster Admin on the cluster"
      : `Azure Kubernetes Service RBAC Admin (or Writer, without roles) on <cluster id>/namespaces/${namespace}`;
  return [
    `The cluster does not allow it ${where}.`,
    `To do: give the identity ${role} with these rules, or, with Azure RBAC, the role ${azure}:`,
    "rules:",
    ...rules,
  ].join("\n");
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}
