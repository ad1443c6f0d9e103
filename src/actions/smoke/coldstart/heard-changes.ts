import type { KubeObject } from "../../../kubernetes/kube-object.ts";
import type { SeenChange } from "../scope.ts";

/** The first moment after another one at which something was so; undefined while it has not been. */
export function hearFirst(
  changes: readonly SeenChange[],
  afterMs: number,
  isSo: (object: KubeObject, type: SeenChange["type"]) => boolean,
): number | undefined {
  return earliest(changes.map(({ object, type, atMs }) => (atMs > afterMs && isSo(object, type) ? atMs : undefined)));
}

/** The earliest of some moments; undefined when there is none. */
export function earliest(moments: readonly (number | undefined)[]): number | undefined {
  const known = moments.filter((moment) => moment !== undefined);
  return known.length === 0 ? undefined : known.reduce((a, b) => Math.min(a, b));
}

/** What there was at a moment. */
export function replay(changes: readonly SeenChange[], atMs: number): readonly KubeObject[] {
  const objects = new Map<string, KubeObject>();
  for (const change of inOrder(changes)) if (change.atMs <= atMs) apply(change, objects);
  return [...objects.values()];
}

/** The first moment, not before another one, at which nothing ran; undefined while something does. */
export function hearNothing(
  changes: readonly SeenChange[],
  fromMs: number,
  runs: (object: KubeObject) => boolean,
): number | undefined {
  const ordered = inOrder(changes);
  const objects = new Map<string, KubeObject>();
  let next = 0;
  for (const moment of [fromMs, ...ordered.map(({ atMs }) => atMs).filter((atMs) => atMs > fromMs)]) {
    for (let change = ordered[next]; change !== undefined && change.atMs <= moment; change = ordered[next]) {
      apply(change, objects);
      next += 1;
    }
    if (![...objects.values()].some(runs)) return moment;
  }
  return undefined;
}

function inOrder(changes: readonly SeenChange[]): readonly SeenChange[] {
  return changes.toSorted((a, b) => a.atMs - b.atMs);
}

function apply({ type, object }: SeenChange, objects: Map<string, KubeObject>): void {
  const key = object.metadata.uid ?? `${object.kind}/${object.metadata.name}`;
  if (type === "deleted") objects.delete(key);
  else objects.set(key, object);
}
