import type { KubeObject, ObjectRef } from "../kubernetes/kube-object.ts";
import { remember } from "./remember.ts";
import { compareEvents, compareTexts, readEvent, type SeenEvent } from "./seen-event.ts";
import type { Snapshot } from "./snapshot.ts";

/** A snapshot in which things are found quickly, and in an order that does not hang on how they came. */
export interface Seen {
  /** Milliseconds. */
  readonly at: number;
  readonly startedAt: number;
  find(ref: ObjectRef): KubeObject | undefined;
  /** All of a kind, such as `apps/ReplicaSet`, by name. */
  list(kind: string): readonly KubeObject[];
  /** What an object owns directly, by name. */
  ownedBy(owner: KubeObject): readonly KubeObject[];
  /** What was told of an object since the rollout began, oldest first. */
  eventsOf(object: KubeObject): readonly SeenEvent[];
  /** Whether a moment is one of this rollout. Unknown ones are. */
  isFresh(moment: number | undefined): boolean;
}

/** Times of the cluster are whole seconds, by a clock that is not the runner's. */
const CLOCK_SKEW_MS = 5_000;

/** Puts a snapshot in order. */
export function lookOver({ at, startedAt, objects }: Snapshot): Seen {
  const sorted = [...objects].sort((a, b) => compareTexts(placeOf(a), placeOf(b)));
  const things = sorted.filter(({ kind }) => kind !== "Event");
  const named = Map.groupBy(things, (object) => nameOf(object, object.metadata.name));
  const kinds = Map.groupBy(things, kindOf);
  const owned = Map.groupBy(
    things.filter((object) => ownerOf(object) !== undefined),
    ownerOf,
  );
  const isFresh = (moment: number | undefined): boolean =>
    moment === undefined || moment >= startedAt.getTime() - CLOCK_SKEW_MS;
  const events = Map.groupBy(
    sorted
      .filter(({ kind }) => kind === "Event")
      .map(readEvent)
      .filter(({ lastAt }) => isFresh(lastAt))
      .sort(compareEvents),
    ({ about }) => about.uid,
  );
  return {
    at: at.getTime(),
    startedAt: startedAt.getTime(),
    find: (ref) => choose(named.get(nameOf(ref, ref.name)) ?? [], ref.namespace),
    list: (kind) => kinds.get(kind) ?? [],
    ownedBy: ({ metadata }) => owned.get(metadata.uid) ?? [],
    eventsOf: ({ metadata }) => (metadata.uid === undefined ? [] : (events.get(metadata.uid) ?? [])),
    isFresh,
  };
}

/** Such as `apps/Deployment`, `Pod`: without the version, of which a chart may name another than the server tells. */
export function kindOf({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? kind : `${apiVersion.slice(0, slash)}/${kind}`;
}

/** Where an object is. */
export function refOf({ apiVersion, kind, metadata }: KubeObject): ObjectRef {
  return { apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
}

/** A manifest may leave the namespace out, or name one for what belongs to none. */
function choose(found: readonly KubeObject[], namespace: string | undefined): KubeObject | undefined {
  if (namespace === undefined) return found.find(({ metadata }) => metadata.namespace === undefined) ?? found[0];
  return (
    found.find(({ metadata }) => metadata.namespace === namespace) ??
    found.find(({ metadata }) => metadata.namespace === undefined)
  );
}

function nameOf(kind: { readonly apiVersion: string; readonly kind: string }, name: string): string {
  return `${kindOf(kind)}/${name}`;
}

function ownerOf({ metadata }: KubeObject): string | undefined {
  const owners = metadata.ownerReferences ?? [];
  return (owners.find(({ controller }) => controller === true) ?? owners[0])?.uid;
}

/** By what things are put in order. */
const placeOf = remember(({ apiVersion, kind, metadata }: KubeObject): string =>
  [metadata.namespace ?? "", kindOf({ apiVersion, kind }), metadata.name, metadata.uid ?? ""].join("\u0000"),
);
