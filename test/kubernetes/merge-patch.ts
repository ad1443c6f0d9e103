import { isObject, type Json, listKey } from "./field-paths.ts";

/** RFC 7396. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = mergePatch(merged[name], value);
  }
  return merged;
}

/** Strategic merge, with the keys of lists guessed from their items instead of read from a schema. */
export function strategicMergePatch(target: unknown, patch: unknown): unknown {
  if (Array.isArray(patch)) return mergeLists(Array.isArray(target) ? target : [], patch);
  if (!isObject(patch)) return patch;
  if (patch["$patch"] === "replace") return withoutDirectives(patch);
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith("$")) continue;
    if (value === null) delete merged[name];
    else merged[name] = strategicMergePatch(merged[name], value);
  }
  return merged;
}

function mergeLists(target: readonly unknown[], patch: readonly unknown[]): unknown {
  const key = listKey(patch);
  if (key === undefined || (target.length > 0 && listKey(target) !== key)) return patch;
  const by = new Map(target.map((item) => [(item as Json)[key], item]));
  for (const item of patch as readonly Json[]) {
    if (item["$patch"] === "delete") by.delete(item[key]);
    else by.set(item[key], strategicMergePatch(by.get(item[key]), item));
  }
  return [...by.values()];
}

function withoutDirectives(patch: Json): Json {
  return Object.fromEntries(Object.entries(patch).filter(([name]) => !name.startsWith("$")));
}

/** The operations of RFC 6902 that clients of Kubernetes send. */
export function jsonPatch(target: unknown, operations: readonly Json[]): unknown {
  const result = structuredClone(target);
  for (const { op, path, value } of operations) {
    const parts = String(path)
      .split("/")
      .slice(1)
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
    const last = parts.pop() ?? "";
    const parent = parts.reduce<unknown>((at, part) => (at as Json)[part], result) as Record<string, unknown>;
    if (op === "remove") delete parent[last];
    else if (Array.isArray(parent) && last === "-") parent.push(value);
    else parent[last] = value;
  }
  return result;
}
