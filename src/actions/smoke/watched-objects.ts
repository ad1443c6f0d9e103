import type { Change } from "../../kubernetes/cluster.ts";
import type { KubeObject } from "../../kubernetes/kube-object.ts";
import type { SeenChange } from "./scope.ts";

/** All objects of a kind and what became of them, as a watch tells of them. */
export interface WatchedObjects {
  /** The same list until the next change. */
  list(): readonly KubeObject[];
  readonly changes: readonly SeenChange[];
  /** A watch begins: it tells of all that is there, and then that this was all. */
  begin(): void;
  take(change: Change, atMs: number): void;
  /** All that was there has been told. True for the first watch. */
  endReplay(atMs: number): void;
}

/**
 * Keeps objects from one watch to the next: when one has broken off, the next one tells of everything anew, and only
 * what differs counts as a change. Nothing is copied as long as nothing changes, however many ask.
 */
export function createWatchedObjects(): WatchedObjects {
  const objects = new Map<string, KubeObject>();
  const changes: SeenChange[] = [];
  let listed: readonly KubeObject[] | undefined;
  let first = true;
  /** Told of since the watch began; undefined once that was all. */
  let replayed: Set<string> | undefined;

  const keep = (type: SeenChange["type"], object: KubeObject, atMs: number): void => {
    if (type === "deleted") objects.delete(keyOf(object));
    else objects.set(keyOf(object), object);
    changes.push({ type, object, atMs });
    listed = undefined;
  };
  return {
    list: () => {
      listed ??= [...objects.values()];
      return listed;
    },
    changes,
    begin: () => {
      replayed = new Set();
    },
    take: ({ type, object }, atMs) => {
      const before = objects.get(keyOf(object));
      if (type === "deleted") {
        if (before !== undefined) keep("deleted", object, atMs);
        return;
      }
      replayed?.add(keyOf(object));
      // What was there before the first look is older than the smoke test.
      const heardAt = first ? 0 : atMs;
      if (before === undefined) return keep("added", object, heardAt);
      if (before.metadata.uid !== object.metadata.uid) {
        keep("deleted", before, heardAt);
        return keep("added", object, heardAt);
      }
      if (before.metadata.resourceVersion !== object.metadata.resourceVersion) keep("modified", object, heardAt);
    },
    endReplay: (atMs) => {
      for (const object of [...objects.values()]) {
        if (replayed?.has(keyOf(object)) === false) keep("deleted", object, atMs);
      }
      replayed = undefined;
      first = false;
    },
  };
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}
