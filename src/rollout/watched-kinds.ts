import type { ObjectKind } from "../kubernetes/kube-object.ts";
import { hasReadiness } from "./kinds/judge-object.ts";
import { kindOf } from "./seen.ts";
import { compareTexts } from "./seen-event.ts";
import type { Wanted } from "./snapshot.ts";

/** A kind to follow for a judgement. */
export interface WatchedKind extends ObjectKind {
  /** Undefined for what belongs to no namespace, and where the wanted object names none. */
  readonly namespace: string | undefined;
  /** Whether nothing can be judged without it. Of the others less is explained where they may not be read. */
  readonly needed: boolean;
}

const POD: ObjectKind = { apiVersion: "v1", kind: "Pod" };
const EVENT: ObjectKind = { apiVersion: "v1", kind: "Event" };
const CLAIM: ObjectKind = { apiVersion: "v1", kind: "PersistentVolumeClaim" };
const REPLICA_SET: ObjectKind = { apiVersion: "apps/v1", kind: "ReplicaSet" };
const REVISION: ObjectKind = { apiVersion: "apps/v1", kind: "ControllerRevision" };
const DEPLOYMENT: ObjectKind = { apiVersion: "apps/v1", kind: "Deployment" };
const STATEFUL_SET: ObjectKind = { apiVersion: "apps/v1", kind: "StatefulSet" };
const AUTOSCALER: ObjectKind = { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" };

/** What has to be seen beside an object of a kind: first what is needed, then what only explains. */
const BESIDE: Readonly<Record<string, readonly [needed: readonly ObjectKind[], explains: readonly ObjectKind[]]>> = {
  "apps/Deployment": [
    [REPLICA_SET, POD],
    [EVENT, CLAIM, AUTOSCALER],
  ],
  "apps/ReplicaSet": [[POD], [EVENT, CLAIM]],
  "apps/StatefulSet": [[POD], [EVENT, CLAIM, AUTOSCALER]],
  // Its status does not name its newest revision.
  "apps/DaemonSet": [
    [POD, REVISION],
    [EVENT, CLAIM],
  ],
  ReplicationController: [[POD], [EVENT, CLAIM]],
  "batch/Job": [[POD], [EVENT, CLAIM]],
  Pod: [[], [EVENT, CLAIM]],
  // Whether a selector matches anything is asked of the templates of those whose pods are not there yet.
  Service: [[], [EVENT, POD, DEPLOYMENT, STATEFUL_SET]],
  "policy/PodDisruptionBudget": [[], [POD, DEPLOYMENT, STATEFUL_SET]],
  PersistentVolumeClaim: [[], [EVENT]],
};

/** Namespace and kinds that have to be followed to judge a rollout, each once. */
export function listWatchedKinds(wanted: readonly Wanted[]): readonly WatchedKind[] {
  const all = wanted.flatMap((ref): readonly WatchedKind[] => {
    const { apiVersion, kind, namespace } = ref;
    if (!hasReadiness(kindOf(ref))) return [];
    const [needed, explains] = BESIDE[kindOf(ref)] ?? [[], []];
    return [
      { apiVersion, kind, namespace, needed: true },
      ...needed.map((each) => ({ ...each, namespace, needed: true })),
      ...explains.map((each) => ({ ...each, namespace, needed: false })),
    ];
  });
  const groups = Map.groupBy(all, (each) => `${each.namespace ?? ""} ${kindOf(each)}`);
  return [...groups.entries()]
    .toSorted(([a], [b]) => compareTexts(a, b))
    .flatMap(([, group]) => group.find(({ needed }) => needed) ?? group.slice(0, 1));
}
