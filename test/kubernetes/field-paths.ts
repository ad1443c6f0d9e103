import { isDeepStrictEqual } from "node:util";

export type Json = Readonly<Record<string, unknown>>;
/** A path as managedFields has it: `f:spec`, `k:{"name":"app"}`. */
export type FieldPath = readonly string[];

/** What nobody owns. */
const UNOWNED_ROOTS: ReadonlySet<string> = new Set(["apiVersion", "kind"]);
const OWNED_METADATA: ReadonlySet<string> = new Set(["labels", "annotations", "finalizers", "ownerReferences"]);
/** By which lists of objects are merged, in this order. */
const LIST_KEYS = ["name", "mountPath", "containerPort", "port", "uid", "type", "ip"];

/** All fields of an object that have a value of their own. */
export function listFields(object: Json): ReadonlyMap<string, { readonly path: FieldPath; readonly value: unknown }> {
  const found = new Map<string, { readonly path: FieldPath; readonly value: unknown }>();
  const walk = (value: unknown, path: FieldPath): void => {
    const parts = childrenOf(value);
    if (parts === undefined || parts.length === 0) found.set(JSON.stringify(path), { path, value });
    else for (const [segment, child] of parts) walk(child, [...path, segment]);
  };
  for (const [name, value] of Object.entries(object)) {
    if (UNOWNED_ROOTS.has(name)) continue;
    if (name !== "metadata") walk(value, [`f:${name}`]);
    else
      for (const [field, inner] of Object.entries(value as Json))
        if (OWNED_METADATA.has(field)) walk(inner, ["f:metadata", `f:${field}`]);
  }
  return found;
}

/** Undefined for what is one value, a list that has no keys included. */
function childrenOf(value: unknown): readonly (readonly [string, unknown])[] | undefined {
  if (Array.isArray(value)) {
    const key = listKey(value);
    return key === undefined ? undefined : value.map((item) => [segmentOf(item, key), item]);
  }
  return isObject(value) ? Object.entries(value).map(([name, child]) => [`f:${name}`, child]) : undefined;
}

/** The field by which the items of a list are told apart; undefined for a list that is one value. */
export function listKey(list: readonly unknown[]): string | undefined {
  if (list.length === 0 || !list.every(isObject)) return undefined;
  return LIST_KEYS.find((key) => {
    const values = list.map((item) => (item as Json)[key]);
    return values.every((value) => value !== undefined) && new Set(values).size === values.length;
  });
}

function segmentOf(item: unknown, key: string): string {
  return `k:${JSON.stringify({ [key]: (item as Json)[key] })}`;
}

/** What is applied, laid over what is there: objects field by field, lists with keys item by item. */
export function overlay(live: unknown, applied: unknown): unknown {
  if (Array.isArray(applied)) {
    const key = listKey(applied);
    if (key === undefined || !Array.isArray(live) || listKey(live) !== key) return applied;
    const by = new Map(live.map((item) => [segmentOf(item, key), item]));
    for (const item of applied) by.set(segmentOf(item, key), overlay(by.get(segmentOf(item, key)), item));
    return [...by.values()];
  }
  if (!isObject(applied) || !isObject(live)) return applied;
  const merged: Record<string, unknown> = { ...live };
  for (const [name, value] of Object.entries(applied)) merged[name] = overlay(live[name], value);
  return merged;
}

/** The object without one of its fields, and without an item of a list that has nothing left. */
export function without(value: unknown, path: FieldPath): unknown {
  const [segment = "", ...rest] = path;
  if (segment.startsWith("k:")) {
    if (!Array.isArray(value)) return value;
    const [key = "", wanted] = Object.entries(JSON.parse(segment.slice(2)) as Json)[0] ?? [];
    return value.flatMap((item) => {
      if (!isDeepStrictEqual((item as Json)[key], wanted)) return [item];
      const left = rest.length === 0 ? {} : without(item, rest);
      return isObject(left) && Object.keys(left).length > 0 ? [left] : [];
    });
  }
  if (!isObject(value)) return value;
  const name = segment.slice(2);
  if (!Object.hasOwn(value, name)) return value;
  const { [name]: child, ...others } = value;
  return rest.length === 0 ? others : { ...others, [name]: without(child, rest) };
}

/** Paths as `fieldsV1`. */
export function toFieldsV1(paths: readonly FieldPath[]): Json {
  const tree: Record<string, unknown> = {};
  for (const path of paths) {
    let at = tree;
    for (const segment of path) {
      at[segment] ??= {};
      at = at[segment] as Record<string, unknown>;
    }
  }
  return tree;
}

export function fromFieldsV1(tree: Json, path: FieldPath = []): readonly FieldPath[] {
  return Object.entries(tree).flatMap(([segment, below]) => {
    if (segment === ".") return [];
    const here = [...path, segment];
    return Object.keys(below as Json).some((name) => name !== ".") ? fromFieldsV1(below as Json, here) : [here];
  });
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
