import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { KubeObject } from "../../src/kubernetes/kube-object.ts";
import type { Json } from "./field-paths.ts";
import type { Served } from "./kinds.ts";
import { notFound, Refusal } from "./status.ts";

export type StoreEventType = "ADDED" | "MODIFIED" | "DELETED";

export interface StoreEvent {
  readonly type: StoreEventType;
  readonly version: number;
  readonly object: KubeObject;
  /** Undefined for what was added. */
  readonly before: KubeObject | undefined;
  /** Of its kind, whatever the version. */
  readonly collection: string;
}

/** All objects of a cluster, and what happened to them. */
export interface Store {
  version(): number;
  /** What happened after a version; undefined when that is forgotten. */
  since(version: number): readonly StoreEvent[] | undefined;
  /** Forgets what happened until now. */
  forget(): void;
  listen(listener: (event: StoreEvent) => void): () => void;
  find(kind: Served, namespace: string | undefined, name: string): KubeObject | undefined;
  list(kind: Served, namespace?: string): readonly KubeObject[];
  create(kind: Served, object: KubeObject): KubeObject;
  /** Keeps identity; the generation grows when more than metadata and status changed. */
  replace(kind: Served, object: KubeObject): KubeObject;
  /** With finalizers it is only marked. */
  remove(kind: Served, namespace: string | undefined, name: string): KubeObject;
}

export function collectionOf({ group, resource }: Served): string {
  return resource === "events" ? "events" : `${group}/${resource}`;
}

export function createStore(now: () => Date): Store {
  const collections = new Map<string, Map<string, KubeObject>>();
  const listeners = new Set<(event: StoreEvent) => void>();
  let history: StoreEvent[] = [];
  let forgotten = 0;
  let version = 1;

  const collect = (kind: Served): Map<string, KubeObject> => {
    const known = collections.get(collectionOf(kind)) ?? new Map<string, KubeObject>();
    collections.set(collectionOf(kind), known);
    return known;
  };
  const keep = (kind: Served, type: StoreEventType, object: KubeObject, before: KubeObject | undefined): KubeObject => {
    version += 1;
    const kept = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
    if (type === "DELETED") collect(kind).delete(keyOf(kept.metadata.namespace, kept.metadata.name));
    else collect(kind).set(keyOf(kept.metadata.namespace, kept.metadata.name), kept);
    const event = { type, version, object: kept, before, collection: collectionOf(kind) };
    history.push(event);
    for (const listener of [...listeners]) listener(event);
    return kept;
  };
  const need = (kind: Served, namespace: string | undefined, name: string): KubeObject => {
    const found = collect(kind).get(keyOf(namespace, name));
    if (found === undefined) throw notFound(nameOf(kind), name);
    return found;
  };

  return {
    version: () => version,
    since: (from) => (from < forgotten ? undefined : history.filter((event) => event.version > from)),
    forget: () => {
      history = [];
      version += 1;
      forgotten = version;
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    find: (kind, namespace, name) => collect(kind).get(keyOf(namespace, name)),
    list: (kind, namespace) =>
      [...collect(kind).values()]
        .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace)
        .toSorted((a, b) =>
          keyOf(a.metadata.namespace, a.metadata.name) < keyOf(b.metadata.namespace, b.metadata.name) ? -1 : 1,
        ),
    create: (kind, object) => {
      const { namespace, name } = object.metadata;
      if (collect(kind).has(keyOf(namespace, name))) {
        throw new Refusal(409, "AlreadyExists", `${nameOf(kind)} "${name}" already exists`, {
          name,
          kind: kind.resource,
        });
      }
      const metadata = { ...object.metadata, uid: randomUUID(), creationTimestamp: rfc3339(now()), generation: 1 };
      return keep(kind, "ADDED", { ...object, metadata }, undefined);
    },
    replace: (kind, object) => {
      const before = need(kind, object.metadata.namespace, object.metadata.name);
      const { uid, creationTimestamp, deletionTimestamp, generation = 1 } = before.metadata;
      const grown = isDeepStrictEqual(desired(before), desired(object)) ? generation : generation + 1;
      const metadata = {
        ...object.metadata,
        uid,
        creationTimestamp,
        generation: grown,
        ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
      };
      const next = {
        ...object,
        metadata: { ...metadata, resourceVersion: before.metadata.resourceVersion },
      } as KubeObject;
      if (isDeepStrictEqual(before, next)) return before;
      const over = deletionTimestamp !== undefined && (next.metadata.finalizers ?? []).length === 0;
      return keep(kind, over ? "DELETED" : "MODIFIED", next, before);
    },
    remove: (kind, namespace, name) => {
      const before = need(kind, namespace, name);
      if ((before.metadata.finalizers ?? []).length === 0) return keep(kind, "DELETED", before, before);
      if (before.metadata.deletionTimestamp !== undefined) return before;
      const metadata = { ...before.metadata, deletionTimestamp: rfc3339(now()) };
      return keep(kind, "MODIFIED", { ...before, metadata }, before);
    },
  };
}

/** `deployments.apps`, as messages say it. */
export function nameOf({ group, resource }: Pick<Served, "group" | "resource">): string {
  return group === "" ? resource : `${resource}.${group}`;
}

/** Whole seconds, as Kubernetes writes times. */
export function rfc3339(date: Date): string {
  return date.toISOString().replace(/\.\d+/, "");
}

function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ""}/${name}`;
}

function desired({ metadata: _, status: __, ...rest }: Json): Json {
  return rest;
}
