import type { KubeObject } from "../../../src/kubernetes/kube-object.ts";
import type { Snapshot } from "../../../src/rollout/snapshot.ts";
import { type pod, rollout, snapshot, want } from "../objects.ts";

type Container = NonNullable<Parameters<typeof pod>[1]>["containers"];

/** What one Deployment comes to with one pod. */
export function ofPod(
  seconds: number,
  facts: Parameters<typeof rollout>[1],
  events: (one: ReturnType<typeof rollout>) => readonly KubeObject[] = () => [],
  more: Parameters<typeof rollout>[2] = {},
): Snapshot {
  const one = rollout("api", facts, more);
  return snapshot(seconds, [want(one.deployment)], [...one.all, ...events(one)]);
}

export const ofContainer = (
  seconds: number,
  container: NonNullable<Container>[number],
  ...rest: readonly KubeObject[]
): Snapshot => ofPod(seconds, { phase: "Running", containers: [container] }, () => rest);
