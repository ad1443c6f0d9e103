import { apiVersionOf, type Served } from "./kinds.ts";

/** What a path of the API means. */
export interface Target {
  readonly kind: Served;
  readonly namespace: string | undefined;
  /** Undefined for the whole collection. */
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** Undefined for a path that none of the kinds has. */
export function readTarget(path: string, kinds: readonly Served[]): Target | undefined {
  const parts = path.split("/").slice(1).map(decodeURIComponent);
  const apiVersion = parts[0] === "api" ? parts[1] : parts[0] === "apis" ? `${parts[1]}/${parts[2]}` : undefined;
  const rest = parts.slice(parts[0] === "api" ? 2 : 3);
  const find = (resource: string | undefined, namespaced?: boolean): Served | undefined =>
    kinds.find(
      (kind) =>
        kind.resource === resource &&
        apiVersionOf(kind) === apiVersion &&
        (namespaced === undefined || kind.namespaced === namespaced),
    );
  if (rest[0] === "namespaces" && rest.length > 2) {
    const kind = find(rest[2], true);
    if (kind !== undefined) return { kind, namespace: rest[1], name: rest[3], subresource: rest[4] };
  }
  const kind = find(rest[0]);
  return kind && { kind, namespace: undefined, name: rest[1], subresource: rest[2] };
}
