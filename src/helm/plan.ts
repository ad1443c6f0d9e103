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
  /** Hooks that come, change or go; tests of the chart do not count. */
  readonly hooks: readonly ObjectRef[];
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
 *
 * Both sides are what the chart renders: what the API server adds to objects by itself is in neither.
 */
export function comparePlan(before: readonly ManifestObject[], after: readonly ManifestObject[]): ReleasePlan {
  const hooks = compareObjects(before.filter(isHook), after.filter(isHook));
  return {
    ...compareObjects(before.filter(isOfRelease), after.filter(isOfRelease)),
    hooks: [...hooks.added, ...hooks.changed.map(({ ref }) => ref), ...hooks.removed],
  };
}

function compareObjects(
  before: readonly ManifestObject[],
  after: readonly ManifestObject[],
): Omit<ReleasePlan, "hooks"> {
  const old = new Map(before.map((one) => [keyOf(one.object), one.object]));
  const fresh = new Map(after.map((one) => [keyOf(one.object), one.object]));
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

/** Whether there is nothing to do, and no hook that has not run as it is now. */
export function isEmpty({ added, changed, removed, hooks }: ReleasePlan): boolean {
  return [added, changed, removed, hooks].every(({ length }) => length === 0);
}

/** The fields in which two forms of an object differ; of a Secret's values, and of what is called like one, only hashes. */
export function compareFields(before: KubeObject, after: KubeObject): readonly FieldChange[] {
  const hide = before.kind === "Secret" || after.kind === "Secret";
  return compareValues("", plainOf(before), plainOf(after), (path, value) => {
    if (value === undefined) return undefined;
    return (hide && /^data\b/.test(path)) || SENSITIVE.test(path) ? hash(value) : show(value);
  });
}

/** A variable, key or argument that is called like a secret, as charts write them in plain text. */
const SENSITIVE =
  /(?:password|passwd|secret|token|api[-_]?key|private[-_]?key|credential|connection[-_]?string)[^.[\]]*\]?(?:\.value)?$/i;

function isOfRelease({ hook, crd }: ManifestObject): boolean {
  return hook === undefined && !crd;
}

function isHook({ hook, crd }: ManifestObject): boolean {
  return hook !== undefined && !crd && !hook.events.every((event) => event.startsWith("test"));
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

function plainOf(object: KubeObject): Tree {
  const { metadata, ...rest } = object.kind === "Secret" ? withoutStringData(object) : object;
  const { labels = {}, ...meta } = metadata;
  const { [NOISE]: _, ...kept } = labels;
  return { ...rest, metadata: Object.keys(kept).length === 0 ? meta : { ...meta, labels: kept } };
}

/** The API server knows only one of the two ways to write a Secret. */
function withoutStringData({ stringData, ...secret }: KubeObject): KubeObject {
  if (!isTree(stringData)) return secret as KubeObject;
  const encoded = Object.entries(stringData).map(([key, value]) => [
    key,
    Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64"),
  ]);
  const { data } = secret;
  return { ...secret, data: { ...(isTree(data) ? data : {}), ...Object.fromEntries(encoded) } } as KubeObject;
}

type Shown = (path: string, value: unknown) => string | undefined;

function compareValues(path: string, before: unknown, after: unknown, shown: Shown): readonly FieldChange[] {
  if (isTree(before) && isTree(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => compareValues(join(path, name), own(before, name), own(after, name), shown));
  }
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(path, before, after, shown);
  if (JSON.stringify(before ?? null) === JSON.stringify(after ?? null)) return [];
  return [{ path, before: shown(path, before), after: shown(path, after) }];
}

/** A key may be called `constructor`, which every object has. */
function own(tree: Tree, name: string): unknown {
  return Object.hasOwn(tree, name) ? tree[name] : undefined;
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

/** Enough to see that a secret has changed, and which two are the same. */
function hash(value: unknown): string {
  return `sha256:${createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 8)}`;
}
