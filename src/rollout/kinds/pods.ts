import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { listNewestPods, listPods } from "../newest-pods.ts";
import type { Pod } from "../pod.ts";
import { explainPod, readEvictionSign } from "../signs/explain-pod.ts";
import { readRefusal } from "../signs/refused-pods.ts";
import type { Look, Sign } from "../signs/sign.ts";
import { type Finding, ready, unready } from "./finding.ts";

/** What keeps the newest pods of a workload from being ready. @param owner what makes the pods: a ReplicaSet */
export function listPodSigns(
  workload: KubeObject,
  owner: KubeObject | undefined,
  look: Look,
): readonly (Sign | undefined)[] {
  const pods = listNewestPods(workload, look.seen);
  const ended = owner === undefined ? [] : listPods(owner, look.seen).filter(({ terminating }) => !terminating);
  return [
    readRefusal(owner ?? workload, look),
    ...pods.filter((pod) => !pod.ready).map((pod) => explainPod(pod, look)),
    ...ended.map(readEvictionSign),
    // Ready, and yet it ends again and again.
    ...readUnsteady(pods, look),
  ];
}

/**
 * A workload whose numbers are right. Without a readiness probe its pods count as ready before they could crash, so
 * they are looked at for a while.
 */
export function judgeSteady(workload: KubeObject, told: string, look: Look): Finding {
  const pods = listNewestPods(workload, look.seen);
  // The numbers come after the pods: a container that has just ended is still counted.
  const fallen = pods.filter((pod) => !pod.ready);
  if (fallen.length > 0)
    return unready(
      `${told} by the numbers`,
      fallen.map((pod) => explainPod(pod, look)),
    );
  const unsteady = readUnsteady(pods, look);
  if (unsteady.some((sign) => sign?.fatal === true)) return unready(told, unsteady);
  const until = Math.max(0, ...pods.map((pod) => settleUntil(pod, look)));
  const [sign] = unsteady.filter((each) => each !== undefined);
  return ready(told, { sign, ...(until > look.seen.at ? { settleUntil: until } : {}) });
}

/** Until when a pod that is ready may still prove not to be, in milliseconds; 0 when it is proven. */
export function settleUntil({ containers, object }: Pod, { seen, patience }: Look): number {
  return Math.max(
    0,
    ...containers.map(({ role, readiness, restarts, state }) => {
      const untried = role !== "init" && (readiness === undefined || restarts > 0);
      if (!untried || state.kind !== "running" || state.startedAt === undefined) return 0;
      return seen.isFresh(state.startedAt) && object.metadata.deletionTimestamp === undefined
        ? state.startedAt + patience.settleMs
        : 0;
    }),
  );
}

function readUnsteady(pods: readonly Pod[], look: Look): readonly (Sign | undefined)[] {
  return pods
    .filter(({ ready }) => ready)
    .map((pod) => explainPod(pod, look))
    .filter((sign) => sign !== undefined && (sign.code.startsWith("crash/") || sign.code === "never-ready/startup"));
}
