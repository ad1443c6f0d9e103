import { parseAllDocuments, type ScalarTag } from "yaml";
import type { KubeObject } from "../kubernetes/kube-object.ts";
import { isClusterKind } from "./cluster-kinds.ts";
import { type Parsed, type Problem, refuse, settle } from "./problem.ts";
import type { ReleaseRecord } from "./release-record.ts";
import { isTree, type Tree } from "./value-tree.ts";

/** An object as a chart renders it. */
export interface ManifestObject {
  /** With the release's namespace where it names none and its kind is not the whole cluster's. */
  readonly object: KubeObject;
  /** The template: `shop/templates/api.yaml`; empty where helm does not say. */
  readonly source: string;
  /** Undefined for what is a part of the release itself. */
  readonly hook: Hook | undefined;
  /** Of the chart's folder `crds`. */
  readonly crd: boolean;
}

export interface Hook {
  /** `pre-upgrade`, `test`, … */
  readonly events: readonly string[];
  /** Lower ones run first. */
  readonly weight: number;
  readonly deletePolicies: readonly string[];
}

const LONGEST = 32 * 1024 * 1024;
const MOST_ALIASES = 1_000;
const MOST_PROBLEMS = 10;

/**
 * Reads what `helm template` prints, or the manifest of a release: documents of YAML, lists laid open, in their order.
 *
 * Problems have the code `manifest-unreadable`, each with the template that it is of.
 */
export function readManifest(text: string, namespace: string): Parsed<readonly ManifestObject[]> {
  if (text.length > LONGEST) {
    return refuse("manifest-unreadable", `The chart renders to ${text.length} characters, and ${LONGEST} is the most.`);
  }
  const problems: Problem[] = [];
  const objects = splitDocuments(text).flatMap(({ source, body }) => {
    const read = readDocument(body);
    const found = "value" in read ? listObjects(read.value) : read.why;
    if (typeof found !== "string") return found.map((one) => makeObject(one, source, namespace));
    problems.push({ code: "manifest-unreadable", message: `${source === "" ? "An object" : source}: ${found}.` });
    return [];
  });
  return settle(objects, problems.slice(0, MOST_PROBLEMS));
}

/** The same of a revision: helm keeps its hooks apart. */
export function readRecord(
  record: Pick<ReleaseRecord, "manifest" | "hooks" | "namespace">,
): Parsed<readonly ManifestObject[]> {
  const hooks = record.hooks.map(({ path, manifest }) => `---\n# Source: ${path}\n${manifest}`);
  return readManifest([record.manifest, ...hooks].join("\n"), record.namespace);
}

interface Document {
  readonly source: string;
  readonly body: string;
}

/**
 * Helm separates by lines of `---`, which no indented text of YAML can be. It names the file before each document, but a
 * file of the folder `crds` it prints as it is: one that has several documents, or begins with `---` as those of
 * controller-gen do, has its name once, before a separator of its own.
 */
function splitDocuments(text: string): readonly Document[] {
  let source = "";
  return text.split(/^---[ \t]*(?:#.*)?\r?$/m).flatMap((body) => {
    source = /^# Source: (.+?)\r?$/m.exec(body)?.[1] ?? source;
    const empty = /^(?:\s*(?:#.*)?\r?\n?)*$/.test(body);
    return empty ? [] : [{ source, body }];
  });
}

/** Helm's YAML is Go's: 1.1 with `yes` and `on`, but without times and numbers to the base of 60. */
const SURPLUS = new Set([
  "tag:yaml.org,2002:timestamp",
  "tag:yaml.org,2002:binary",
  "tag:yaml.org,2002:set",
  "tag:yaml.org,2002:omap",
  "tag:yaml.org,2002:pairs",
]);

function readDocument(body: string): { readonly value: unknown } | { readonly why: string } {
  try {
    const documents = parseAllDocuments(body, {
      version: "1.1",
      // As in Go's, the last of two equal keys counts.
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "silent",
      customTags: (tags) =>
        tags.filter((tag) => {
          const { tag: name, format } = (typeof tag === "string" ? { tag, format: undefined } : tag) as ScalarTag;
          return !SURPLUS.has(name) && format !== "TIME";
        }),
    });
    if ("empty" in documents) return { value: undefined };
    const [first] = documents.flatMap(({ errors }) => errors);
    if (first !== undefined) return { why: `it is no YAML: ${first.message.split("\n")[0]}` };
    return { value: documents[0]?.toJS({ maxAliasCount: MOST_ALIASES }) };
  } catch (error) {
    return { why: `it is no YAML: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** The objects of a document, or why it has none. */
function listObjects(value: unknown): readonly Tree[] | string {
  if (value === null || value === undefined) return [];
  if (!isTree(value)) return "it is no object but a text, a number or a list";
  const { apiVersion, kind, items } = value;
  if (typeof apiVersion !== "string" || typeof kind !== "string") return "it has no apiVersion or no kind";
  if (kind.endsWith("List") && Array.isArray(items)) {
    const listed = items.map(listObjects);
    return (
      listed.find((one) => typeof one === "string") ?? listed.flatMap((one) => (typeof one === "string" ? [] : one))
    );
  }
  const { metadata } = value;
  if (!isTree(metadata) || typeof metadata["name"] !== "string" || metadata["name"] === "") {
    return `${kind} has no metadata.name`;
  }
  const { name, namespace } = metadata;
  if (typeof (namespace ?? "") !== "string") return `${kind}/${name} has a metadata.namespace that is no text`;
  return [value];
}

function makeObject(value: Tree, source: string, namespace: string): ManifestObject {
  const given = { ...value, metadata: withoutEmpty(value["metadata"]) } as unknown as KubeObject;
  const own = given.metadata.namespace ?? (isClusterKind(given) ? undefined : namespace);
  const object = own === undefined ? given : { ...given, metadata: { ...given.metadata, namespace: own } };
  return { object, source, hook: readHook(object), crd: /^[^/]+\/(?:charts\/[^/]+\/)*crds\//.test(source) };
}

/** A template whose `labels:` has nothing below it renders null, and an API server takes that for not being there. */
function withoutEmpty(metadata: unknown): Tree {
  return Object.fromEntries(Object.entries(metadata as Tree).filter(([, value]) => value !== null));
}

function readHook({ metadata }: KubeObject): Hook | undefined {
  const annotations: Tree = metadata.annotations ?? {};
  const list = (name: string): readonly string[] =>
    textOf(annotations[name])
      .split(",")
      .map((word) => word.trim())
      .filter((word) => word !== "");
  const events = list("helm.sh/hook").map((event) => (event === "test-success" ? "test" : event));
  if (events.length === 0) return undefined;
  const weight = Number.parseInt(textOf(annotations["helm.sh/hook-weight"]), 10);
  return { events, weight: Number.isNaN(weight) ? 0 : weight, deletePolicies: list("helm.sh/hook-delete-policy") };
}

/** Charts forget quotes: a weight is a number then. */
function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? `${value}` : "";
}
