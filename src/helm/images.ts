import type { KubeObject, ObjectRef } from "../kubernetes/kube-object.ts";
import { isTree, type Tree } from "./value-tree.ts";

/** An image that a release will run. */
export interface WantedImage {
  /** As it stands there. */
  readonly image: string;
  /** The registry: what stands before the first slash where it is a host, else Docker Hub. */
  readonly host: string;
  /** The first object that wants it. */
  readonly subject: ObjectRef;
  /** Whether its pods bring Secrets to pull with. */
  readonly pullSecrets: boolean;
}

const LISTS = ["initContainers", "containers", "ephemeralContainers"] as const;

/** Every image in the pods of a release, each once, in the order of the manifests. */
export function listImages(objects: readonly KubeObject[]): readonly WantedImage[] {
  const found = new Map<string, WantedImage>();
  for (const object of objects) {
    const { apiVersion, kind, metadata } = object;
    const subject = { apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
    for (const { spec } of listPodTemplates(object)) {
      const secrets = spec["imagePullSecrets"];
      const pullSecrets = Array.isArray(secrets) && secrets.length > 0;
      const containers = LISTS.flatMap((name) => (Array.isArray(spec[name]) ? (spec[name] as readonly unknown[]) : []));
      for (const container of containers) {
        const image = isTree(container) ? container["image"] : undefined;
        if (typeof image !== "string" || image === "") continue;
        const known = found.get(image);
        // One pod without a Secret is enough to need the nodes' own right.
        if (known === undefined || (known.pullSecrets && !pullSecrets)) {
          found.set(image, { image, host: hostOf(image), subject: known?.subject ?? subject, pullSecrets });
        }
      }
    }
  }
  return [...found.values()];
}

/** What pods are made from. */
export interface PodTemplate {
  readonly metadata: Tree;
  readonly spec: Tree;
}

/** The pods that an object makes: itself, its template, or that of the jobs that it makes. */
export function listPodTemplates(object: KubeObject): readonly PodTemplate[] {
  const spec = treeOf(object["spec"]);
  const job = treeOf(treeOf(spec["jobTemplate"])["spec"]);
  // KEDA's ScaledJob.
  const target = treeOf(spec["jobTargetRef"]);
  const templates = [spec, job, target].map((one) => treeOf(one["template"]));
  const own = object.kind === "Pod" ? [{ metadata: object.metadata, spec }] : [];
  return [...own, ...templates]
    .map((template) => ({ metadata: treeOf(template["metadata"]), spec: treeOf(template["spec"]) }))
    .filter((template) => Array.isArray(template.spec["containers"]));
}

function treeOf(value: unknown): Tree {
  return isTree(value) ? value : {};
}

function hostOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : "docker.io";
}
