import { isAlias, parseAllDocuments, visit } from "yaml";
import type { KubeObject } from "../kubernetes/kube-object.ts";
import { type Parsed, type Problem, settle } from "./problem.ts";
import { isTree, type Tree } from "./value-tree.ts";

/** An object that a chart renders. */
export interface ManifestObject {
  /** With the release's namespace where it names none. */
  readonly object: KubeObject;
  /** The template, as helm names it: `shop/templates/api.yaml`; empty where it does not. */
  readonly source: string;
  /** Undefined for what is no hook. */
  readonly hook: { readonly events: readonly string[] } | undefined;
  /** Of the chart's folder `crds`. */
  readonly crd: boolean;
}

/** Larger ones fit into no release. */
const MOST_CHARACTERS = 16_777_216;

/**
 * Reads what `helm template` prints, or what a release keeps: documents of YAML, each below a comment that names its
 * template. Lists are taken apart. Documents without an object do not count.
 *
 * Problems have the code `manifest-unreadable`: all of them at once.
 *
 * @param namespace of the release
 */
export function readManifest(text: string, namespace: string): Parsed<readonly ManifestObject[]> {
  const problems: Problem[] = [];
  const objects: ManifestObject[] = [];
  if (text.length > MOST_CHARACTERS) problems.push(unreadable("", "it is larger than 16 MB"));
  for (const part of problems.length > 0 ? [] : text.split(/^---[ \t]*(?:#.*)?$/m)) {
    const source = /^# Source: (\S.*?)\s*$/m.exec(part)?.[1] ?? "";
    for (const document of readDocuments(part)) {
      if (typeof document === "string") problems.push(unreadable(source, document));
      else if (document !== null) {
        for (const object of listObjects(document)) {
          const read = readObject(object, source, namespace);
          if (typeof read === "string") problems.push(unreadable(source, read));
          else objects.push(read);
        }
      }
    }
  }
  return settle(objects, problems);
}

/** Each document's value, or why it is none. */
function readDocuments(text: string): readonly unknown[] {
  const documents = parseAllDocuments(text, { uniqueKeys: false, prettyErrors: false });
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => {
    const [error] = document.errors;
    if (error !== undefined) return error.message;
    let aliases = 0;
    visit(document, (_key, node) => {
      if (isAlias(node)) aliases += 1;
    });
    // Enough for what people write, and too few to blow a small text up to gigabytes.
    return document.toJS({ maxAliasCount: aliases === 0 ? 0 : 100 }) as unknown;
  });
}

function listObjects(value: unknown): readonly unknown[] {
  if (!isTree(value) || value["kind"] !== "List" || !Array.isArray(value["items"])) return [value];
  return value["items"].flatMap(listObjects);
}

function readObject(value: unknown, source: string, namespace: string): ManifestObject | string {
  if (!isTree(value)) return "expected an object";
  const { apiVersion, kind } = value;
  const metadata = isTree(value["metadata"]) ? value["metadata"] : {};
  const name = metadata["name"];
  if (typeof apiVersion !== "string" || typeof kind !== "string") return "an object has no apiVersion and kind";
  if (typeof name !== "string" || name === "") return `a ${kind} has no metadata.name`;
  const object = { ...value, apiVersion, kind, metadata: { ...metadata, name } } as KubeObject;
  return {
    object: isClusterWide(kind) ? object : withNamespace(object, namespace),
    source,
    hook: readHook(metadata),
    crd: /^[^/]+\/(?:charts\/[^/]+\/)*crds\//.test(source),
  };
}

/** Kinds of Kubernetes' own that belong to no namespace; of others the cluster is asked. */
const CLUSTER_WIDE =
  /^(?:Namespace|Node|PersistentVolume|Cluster\w+|StorageClass|PriorityClass|IngressClass|RuntimeClass|CSIDriver|CustomResourceDefinition|APIService|(?:Mutating|Validating)(?:WebhookConfiguration|AdmissionPolicy(?:Binding)?)|PodSecurityPolicy|VolumeAttachment)$/;

function isClusterWide(kind: string): boolean {
  return CLUSTER_WIDE.test(kind);
}

function withNamespace(object: KubeObject, namespace: string): KubeObject {
  return { ...object, metadata: { ...object.metadata, namespace: object.metadata.namespace || namespace } };
}

function readHook(metadata: Tree): ManifestObject["hook"] {
  const annotations = isTree(metadata["annotations"]) ? metadata["annotations"] : {};
  const events = annotations["helm.sh/hook"];
  if (typeof events !== "string") return undefined;
  return { events: events.split(",").map((event) => event.trim()) };
}

function unreadable(source: string, message: string): Problem {
  const where = source === "" ? "What the chart renders" : source;
  return { code: "manifest-unreadable", message: `${where} cannot be read: ${message}` };
}
