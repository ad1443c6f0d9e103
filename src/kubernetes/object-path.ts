import type { ServedKind } from "./cluster.ts";
import { KubeRefusal } from "./kube-refusal.ts";

/** `/api/v1` or `/apis/apps/v1`. */
export function groupPath(apiVersion: string): string {
  const path = apiVersion.split("/").map(segment).join("/");
  return apiVersion.includes("/") ? `/apis/${path}` : `/api/${path}`;
}

/** Where a kind's objects are, in one namespace or in all. */
export function collectionPath(kind: ServedKind, namespace: string | undefined): string {
  const where = kind.namespaced && namespace !== undefined ? `/namespaces/${segment(namespace)}` : "";
  return `${groupPath(kind.apiVersion)}${where}/${segment(kind.resource)}`;
}

/** Where one object is. @throws Error for a name that would lead elsewhere, such as `..` */
export function objectPath(kind: ServedKind, namespace: string | undefined, name: string): string {
  return `${collectionPath(kind, namespace)}/${segment(name)}`;
}

/**
 * One part of a path. An empty name would be the whole collection, and `..` the namespace above: a DELETE there would
 * take far more than was meant.
 */
export function segment(name: string): string {
  if (name === "" || name === "." || name === ".." || /[/%]/.test(name)) {
    throw new KubeRefusal(400, "BadRequest", `${JSON.stringify(name)} cannot be the name of an object`);
  }
  return encodeURIComponent(name);
}
