import type { NamespaceFacts } from "../ttl/namespace.ts";
import type { Cluster } from "./cluster.ts";
import type { KubeObject, ObjectKind } from "./kube-object.ts";
import { KubeRefusal } from "./kube-refusal.ts";

/** What became of the wish to remove a namespace. */
export type NamespaceRemoval =
  /** It is going, or already was. That it is gone, only `find` proves. */
  | "accepted"
  /** It was not there. */
  | "gone"
  /** It is not what was looked at any more: edited since, or made anew under the same name. Nothing was removed. */
  | "changed";

/** Namespaces of one cluster. Every method throws what `Cluster`'s do. */
export interface Namespaces {
  /** @param labelSelector `auto-destroy=true`; empty for all of them */
  list(labelSelector: string): Promise<readonly NamespaceFacts[]>;
  /** Undefined only when the API server says that it is not there. */
  find(name: string): Promise<NamespaceFacts | undefined>;
  /** Sets these annotations and leaves all others. */
  annotate(name: string, annotations: Readonly<Record<string, string>>): Promise<void>;
  /**
   * Removes a namespace only when it still is exactly what was looked at: the API server compares uid and
   * resourceVersion itself, so nothing can come in between.
   */
  remove(facts: Pick<NamespaceFacts, "name" | "uid" | "resourceVersion">): Promise<NamespaceRemoval>;
}

const NAMESPACE: ObjectKind = { apiVersion: "v1", kind: "Namespace" };

/** Nothing is asked yet. */
export function connectNamespaces(
  cluster: Pick<Cluster, "findKind" | "list" | "find" | "patch" | "remove">,
): Namespaces {
  /** Whatever answers without knowing namespaces is no API server, and must not make all of them look gone. */
  const expectApiServer = async (): Promise<void> => {
    if ((await cluster.findKind(NAMESPACE)) !== undefined) return;
    throw new KubeRefusal(502, "", "it knows no namespaces: is this a Kubernetes API server?");
  };
  return {
    list: async (labelSelector) => (await cluster.list(NAMESPACE, { labelSelector })).map(toFacts),
    find: async (name) => {
      await expectApiServer();
      const found = await cluster.find({ ...NAMESPACE, name });
      return found === undefined ? undefined : toFacts(found);
    },
    annotate: async (name, annotations) => {
      await cluster.patch({ ...NAMESPACE, name }, { metadata: { annotations } });
    },
    remove: async ({ name, uid, resourceVersion }) => {
      // An empty precondition would count as none.
      if (uid === "" || resourceVersion === "") throw new Error(`namespace ${name} was not looked at`);
      await expectApiServer();
      try {
        return (await cluster.remove({ ...NAMESPACE, name }, { uid, resourceVersion })) ? "accepted" : "gone";
      } catch (error) {
        if (error instanceof KubeRefusal && error.status === 409 && error.reason === "Conflict") return "changed";
        throw error;
      }
    },
  };
}

function toFacts({ metadata, status }: KubeObject): NamespaceFacts {
  const deleting = metadata.deletionTimestamp !== undefined;
  const heldBy = deleting ? [...listHolds(status), ...listFinalizers(metadata)] : [];
  return {
    name: metadata.name,
    uid: metadata.uid ?? "",
    resourceVersion: metadata.resourceVersion ?? "",
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    deleting,
    ...(heldBy.length === 0 ? {} : { heldBy }),
  };
}

/**
 * Conditions of a namespace that is going and cannot, the one that says most first. Content that remains is told besides,
 * for its kinds; alone it is no hold-up: pods take their time. https://github.com/kubernetes/api/blob/master/core/v1/types.go (NamespaceConditionType)
 */
const HOLDS = [
  "NamespaceFinalizersRemaining",
  "NamespaceDeletionContentFailure",
  "NamespaceDeletionDiscoveryFailure",
  "NamespaceDeletionGroupVersionParsingFailure",
] as const;

function listHolds(status: unknown): readonly string[] {
  const { conditions } = (status ?? {}) as { readonly conditions?: unknown };
  const all = (Array.isArray(conditions) ? conditions : []) as readonly Readonly<Record<string, unknown>>[];
  const say = (type: string): readonly string[] =>
    all
      .filter((condition) => condition["type"] === type && condition["status"] === "True")
      .map(({ message }) => String(message ?? type));
  const holds = HOLDS.flatMap(say);
  return holds.length === 0 ? [] : [...holds, ...say("NamespaceContentRemaining")];
}

/** Of the namespace itself. Kubernetes' own stands in its spec, and goes when all content is gone. */
function listFinalizers({ finalizers = [] }: KubeObject["metadata"]): readonly string[] {
  return finalizers.length === 0 ? [] : [`finalizers of the namespace: ${finalizers.join(", ")}`];
}
