/** A kind that the stand-in serves. */
export interface Served {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly resource: string;
  readonly namespaced: boolean;
  /** `log`, `status`. */
  readonly subresources: readonly string[];
}

const NAMESPACED: Readonly<Record<string, string>> = {
  v1: "ConfigMap Endpoints Event LimitRange PersistentVolumeClaim Pod ReplicationController ResourceQuota Secret Service ServiceAccount",
  "apps/v1": "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
  "autoscaling/v2": "HorizontalPodAutoscaler",
  "batch/v1": "CronJob Job",
  "coordination.k8s.io/v1": "Lease",
  "discovery.k8s.io/v1": "EndpointSlice",
  "events.k8s.io/v1": "Event",
  "networking.k8s.io/v1": "Ingress NetworkPolicy",
  "policy/v1": "PodDisruptionBudget",
  "rbac.authorization.k8s.io/v1": "Role RoleBinding",
};

const CLUSTER_WIDE: Readonly<Record<string, string>> = {
  v1: "Namespace Node PersistentVolume",
  "apiextensions.k8s.io/v1": "CustomResourceDefinition",
  "apiregistration.k8s.io/v1": "APIService",
  "networking.k8s.io/v1": "IngressClass",
  "rbac.authorization.k8s.io/v1": "ClusterRole ClusterRoleBinding",
  "storage.k8s.io/v1": "StorageClass",
};

const PLURALS: Readonly<Record<string, string>> = {
  Endpoints: "endpoints",
  NetworkPolicy: "networkpolicies",
  Ingress: "ingresses",
  IngressClass: "ingressclasses",
  StorageClass: "storageclasses",
};
const WITHOUT_STATUS =
  /^(?:ConfigMap|Secret|Event|ServiceAccount|Role|ClusterRole|.*Binding|Lease|ControllerRevision)$/;
export const SHORT_NAMES: Readonly<Record<string, string>> = {
  ConfigMap: "cm",
  CronJob: "cj",
  CustomResourceDefinition: "crd",
  DaemonSet: "ds",
  Deployment: "deploy",
  Event: "ev",
  HorizontalPodAutoscaler: "hpa",
  Ingress: "ing",
  Namespace: "ns",
  PersistentVolumeClaim: "pvc",
  Pod: "po",
  ReplicaSet: "rs",
  Service: "svc",
  ServiceAccount: "sa",
  StatefulSet: "sts",
};
/** What `kubectl get all` shows. */
export const SHOWN_WITH_ALL: ReadonlySet<string> = new Set(
  "CronJob DaemonSet Deployment HorizontalPodAutoscaler Job Pod ReplicaSet ReplicationController Service StatefulSet".split(
    " ",
  ),
);
export const VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

function describe(apiVersion: string, kind: string, namespaced: boolean): Served {
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  const subresources = [...(WITHOUT_STATUS.test(kind) ? [] : ["status"]), ...(kind === "Pod" ? ["log"] : [])];
  return { group, version, kind, resource: PLURALS[kind] ?? `${kind.toLowerCase()}s`, namespaced, subresources };
}

/** What every cluster serves; custom resources come with their definitions. */
export function builtInKinds(): Served[] {
  const kindsOf = (table: Readonly<Record<string, string>>, namespaced: boolean): Served[] =>
    Object.entries(table).flatMap(([apiVersion, kinds]) =>
      kinds.split(" ").map((kind) => describe(apiVersion, kind, namespaced)),
    );
  return [...kindsOf(CLUSTER_WIDE, false), ...kindsOf(NAMESPACED, true)];
}

export function apiVersionOf({ group, version }: Pick<Served, "group" | "version">): string {
  return group === "" ? version : `${group}/${version}`;
}

/** The kinds that a CustomResourceDefinition brings. */
export function kindsOfDefinition(definition: Readonly<Record<string, unknown>>): readonly Served[] {
  const { group, scope, names, versions } = definition["spec"] as {
    readonly group: string;
    readonly scope: string;
    readonly names: { readonly kind: string; readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean; readonly subresources?: object }[];
  };
  return versions
    .filter(({ served }) => served)
    .map(({ name, subresources = {} }) => ({
      group,
      version: name,
      kind: names.kind,
      resource: names.plural,
      namespaced: scope === "Namespaced",
      subresources: Object.keys(subresources),
    }));
}
