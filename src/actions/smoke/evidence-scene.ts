import { listClauses } from "../../kit/error-chain.ts";
import type { KubeObject, ObjectKind, ObjectRef } from "../../kubernetes/kube-object.ts";
import type { Pod } from "../../rollout/pod.ts";
import { kindOf, lookOver, refOf, type Seen } from "../../rollout/seen.ts";
import { parseSelector } from "../../smoke/match-labels.ts";
import type { Pods } from "../../smoke/spec/pods.ts";
import { listReachedPods, POD_MAKERS, readScaled } from "./reached-pods.ts";
import type { Session } from "./session.ts";
import { readWorkload } from "./workload.ts";

/** Whose scene it is. */
export interface SceneWish {
  readonly refs: readonly ObjectRef[];
  readonly pods: Pods | undefined;
  /** All that happened in a namespace. */
  readonly everything: { readonly namespace: string | undefined } | undefined;
}

/** What stands around a failure, as it is now. */
export interface EvidenceScene {
  readonly at: Date;
  /** What was asked for, without its pods. */
  readonly objects: readonly KubeObject[];
  readonly pods: readonly Pod[];
  readonly events: readonly KubeObject[];
  /** Undefined: all events count. */
  readonly about: readonly ObjectRef[] | undefined;
  /** What could not be read, a line each. */
  readonly unread: readonly string[];
}

const EVENT: ObjectKind = { apiVersion: "v1", kind: "Event" };
const MOST_OBJECTS = 12;
const MOST_PODS = 12;

/** Reads objects, what stands between them and their pods, those pods, and events. */
export async function gatherScene(wish: SceneWish, { world, test }: Session): Promise<EvidenceScene> {
  const { lastingCluster: cluster } = world;
  const unread: string[] = [];
  const read = async <T>(what: string, work: () => Promise<T>, none: T): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      unread.push(`(${what} cannot be read: ${listClauses(error).join(": ")})`);
      return none;
    }
  };
  const find = (ref: ObjectRef): Promise<KubeObject | undefined> =>
    read(`${ref.kind}/${ref.name}`, async () => cluster?.find(ref), undefined);
  const list = (kind: ObjectKind, namespace: string): Promise<readonly KubeObject[]> =>
    read(`${kind.kind} in ${namespace}`, async () => (await cluster?.list(kind, { namespace })) ?? [], []);

  const place = wish.pods?.namespace ?? wish.everything?.namespace ?? test.namespace;
  const workload = readWorkload(wish.pods?.workload);
  const refs = listDistinct([
    ...wish.refs.map((ref) => ({ ...ref, namespace: ref.namespace ?? test.namespace })),
    ...(workload === undefined ? [] : [{ ...workload, namespace: place }]),
    ...(wish.pods?.pod === undefined ? [] : [{ apiVersion: "v1", kind: "Pod", namespace: place, name: wish.pods.pod }]),
  ]);
  const asked = (await Promise.all(refs.slice(0, MOST_OBJECTS).map(find))).filter((each) => each !== undefined);
  const scaled = asked.filter((each) => kindOf(each) === "keda.sh/ScaledObject");
  const targets = await Promise.all(
    scaled.map((each) => find({ ...readScaled(each), namespace: each.metadata.namespace })),
  );
  const objects = [...asked, ...targets.filter((each) => each !== undefined)];
  const namespaces = [...new Set([...refs.map(({ namespace }) => namespace), place])];
  const around = (
    await Promise.all(namespaces.flatMap((each) => [EVENT, ...POD_MAKERS].map((kind) => list(kind, each))))
  ).flat();

  const at = world.now();
  const seen = lookOver({ at, startedAt: at, wanted: [], objects: [...objects, ...around] });
  const reached = [
    ...objects.flatMap((each) => listReachedPods(each, seen)),
    ...listBySelector(wish.pods, place, seen),
  ];
  const pods = [...new Map(reached.map((pod) => [pod.name, pod])).values()].toSorted(worstFirst).slice(0, MOST_PODS);
  const events = around.filter(({ kind }) => kind === "Event");
  const sets = pods.flatMap(({ object }) => ownersOf(object));
  const about = [...refs, ...objects.map(refOf), ...sets, ...pods.map(({ object }) => refOf(object))];
  const things = objects.filter(({ kind }) => kind !== "Pod");
  return { at, objects: things, pods, events, about: wish.everything === undefined ? about : undefined, unread };
}

function listBySelector(pods: Pods | undefined, namespace: string, seen: Seen): readonly Pod[] {
  const fits = pods?.selector === undefined ? undefined : parseSelector(pods.selector);
  if (fits === undefined) return [];
  return seen
    .list("Pod")
    .filter(({ metadata }) => metadata.namespace === namespace && fits(metadata.labels ?? {}))
    .flatMap((pod) => listReachedPods(pod, seen));
}

function listDistinct<T extends ObjectRef>(refs: readonly T[]): readonly T[] {
  return [...new Map(refs.map((ref) => [`${kindOf(ref)} ${ref.namespace} ${ref.name}`, ref])).values()];
}

/** A ReplicaSet or a Job, whose events tell why there is no pod. */
function ownersOf({ metadata }: KubeObject): readonly ObjectRef[] {
  return (metadata.ownerReferences ?? []).map(({ apiVersion, kind, name }) => ({
    apiVersion,
    kind,
    name,
    namespace: metadata.namespace,
  }));
}

/** Where many pods are behind something, those that are not ready tell more; then the newest do. */
function worstFirst(a: Pod, b: Pod): number {
  return Number(a.ready) - Number(b.ready) || (b.createdAt ?? 0) - (a.createdAt ?? 0);
}
