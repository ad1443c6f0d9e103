import type { Change } from "./cluster.ts";
import type { KubeObject } from "./kube-object.ts";

/** What a follower has been told, so that after a gap it is told only what is new. */
export interface KnownObjects {
  /** An object as it now is. */
  see(object: KubeObject): readonly Change[];
  /** An object as it last was. */
  lose(object: KubeObject): readonly Change[];
  /** All that is there is about to be seen again. */
  beginReplay(): void;
  /** It all has been seen: whatever was not is gone. */
  endReplay(): readonly Change[];
}

/** Keeps what has been seen, so that what was missed while nobody looked is told as it happened: once, and in order. */
export function createKnownObjects(): KnownObjects {
  const known = new Map<string, KubeObject>();
  let seen = new Set<string>();

  return {
    see: (object) => {
      const key = keyOf(object);
      const before = known.get(key);
      known.set(key, object);
      seen.add(key);
      if (before === undefined) return [{ type: "added", object }];
      // Deleted and made anew while nobody looked.
      if (before.metadata.uid !== object.metadata.uid) {
        return [
          { type: "deleted", object: before },
          { type: "added", object },
        ];
      }
      if (before.metadata.resourceVersion === object.metadata.resourceVersion) return [];
      return [{ type: "modified", object }];
    },
    lose: (object) => {
      const key = keyOf(object);
      const before = known.get(key);
      // An earlier one of the same name: that it is gone was told when its successor came.
      if (before === undefined || before.metadata.uid !== object.metadata.uid) return [];
      known.delete(key);
      seen.delete(key);
      return [{ type: "deleted", object }];
    },
    beginReplay: () => {
      seen = new Set();
    },
    endReplay: () => {
      const gone = [...known].filter(([key]) => !seen.has(key));
      for (const [key] of gone) known.delete(key);
      return gone.map(([, object]) => ({ type: "deleted", object }));
    },
  };
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}
