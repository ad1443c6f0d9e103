import { createHash } from "node:crypto";
import type { KubeObject, ObjectRef } from "../kubernetes/kube-object.ts";
import type { ManifestObject } from "./read-manifest.ts";
import { isTree, type Tree } from "./value-tree.ts";

/** What a deployment would do, without a secret in it. */
export interface ReleasePlan {
  readonly added: readonly ObjectRef[];
  readonly changed: readonly ChangedObject[];
  readonly removed: readonly ObjectRef[];
  readonly unchanged: readonly ObjectRef[];
}

export interface ChangedObject {
  readonly ref: ObjectRef;
  readonly fields: readonly FieldChange[];
}

export interface FieldChange {
  /** `spec.template.spec.containers[api].image`. */
  readonly path: string;
  /** As JSON, long values cut; of a Secret a hash. Undefined for a field that comes or goes. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * Compares what a chart comes to with what it came to before, object by object and field by field. The order of keys
 * means nothing; entries of a list are told apart by their name where they have one.
 */
export function comparePlan(before: readonly ManifestObject[], after: readonly ManifestObject[]): ReleasePlan {
  const old = new Map(before.filter(isOfRelease).map((one) => [keyOf(one.object), one.object]));
  const fresh = new Map(after.filter(isOfRelease).map((one) => [keyOf(one.object), one.object]));
  const added: ObjectRef[] = [];
  const changed: ChangedObject[] = [];
  const unchanged: ObjectRef[] = [];
  for (const [key, object] of fresh) {
    const known = old.get(key);
    const ref = refOf(object);
    if (known === undefined) added.push(ref);
    else {
      const fields = compareFields(known, object);
      if (fields.length === 0) unchanged.push(ref);
      else changed.push({ ref, fields });
    }
  }
  const removed = [...old].filter(([key]) => !fresh.has(key)).map(([, object]) => refOf(object));
  return { added, changed, removed, unchanged };
}

/** Whether there is nothing to do. */
export function isEmpty({ added, changed, removed }: ReleasePlan): boolean {
  return added.length === 0 && changed.length === 0 && removed.length === 0;
}

/** The fields in which two forms of an object differ; of a Secret's values only hashes are told. */
export function compareFields(before: KubeObject, after: KubeObject): readonly FieldChange[] {
  const hide = before.kind === "Secret" || after.kind === "Secret";
  return compareValues("", plainOf(before), plainOf(after), (path, value) =>
    value === undefined ? undefined : hide && /^(?:data|stringData)\b/.test(path) ? hash(value) : show(value),
  );
}

function isOfRelease({ hook, crd }: ManifestObject): boolean {
  return hook === undefined && !crd;
}

function keyOf({ apiVersion, kind, metadata }: KubeObject): string {
  // A newer version of the same API is the same object.
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
  return [group, kind, metadata.namespace ?? "", metadata.name].join("/");
}

function refOf({ apiVersion, kind, metadata: { namespace, name } }: KubeObject): ObjectRef {
  return { apiVersion, kind, namespace, name };
}

/** `helm.sh/chart` changes with the chart's version, which is told elsewhere, and restarts nothing. */
const NOISE = "helm.sh/chart";

function plainOf({ metadata, ...rest }: KubeObject): Tree {
  const { labels = {}, ...meta } = metadata;
  const { [NOISE]: _, ...kept } = labels;
  return { ...rest, metadata: Object.keys(kept).length === 0 ? meta : { ...meta, labels: kept } };
}

type Shown = (path: string, value: unknown) => string | undefined;

function compareValues(path: string, before: unknown, after: unknown, shown: Shown): readonly FieldChange[] {
  if (isTree(before) && isTree(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => compareValues(join(path, name), before[name], after[name], shown));
  }
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(path, before, after, shown);
  if (JSON.stringify(before ?? null) === JSON.stringify(after ?? null)) return [];
  return [{ path, before: shown(path, before), after: shown(path, after) }];
}

function compareLists(
  path: string,
  before: readonly unknown[],
  after: readonly unknown[],
  shown: Shown,
): readonly FieldChange[] {
  const old = byName(before);
  const fresh = byName(after);
  const keys = [...new Set([...old.keys(), ...fresh.keys()])];
  return keys.flatMap((key) => compareValues(`${path}[${key}]`, old.get(key), fresh.get(key), shown));
}

/** Containers, ports, volumes and variables have names; of anything else the place counts. */
function byName(list: readonly unknown[]): ReadonlyMap<string, unknown> {
  const names = list.map((entry) => (isTree(entry) && typeof entry["name"] === "string" ? entry["name"] : undefined));
  const told = names.every((name) => name !== undefined) && new Set(names).size === names.length;
  return new Map(list.map((entry, index) => [told ? (names[index] ?? "") : String(index), entry]));
}

function join(path: string, name: string): string {
  const safe = /^[\w-]+$/.test(name) ? name : JSON.stringify(name);
  return path === "" ? safe : `${path}.${safe}`;
}

const LONGEST = 200;

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1).toWellFormed()}…`;
}

/** Enough to see that a secret has changed, and too little to guess it by: a short one is not hashed alone. */
function hash(value: unknown): string {
  return `sha256:${createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 8)}`;
}
