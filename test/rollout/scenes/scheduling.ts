import type { KubeObject } from "../../../src/kubernetes/kube-object.ts";
import type { Snapshot } from "../../../src/rollout/snapshot.ts";
import { event, make, rollout, snapshot, want } from "../objects.ts";
import { ofPod } from "./of-pod.ts";
import type { Scene } from "./scene.ts";

const unscheduled = (
  seconds: number,
  text: string,
  events: (one: KubeObject) => readonly KubeObject[] = () => [],
): Snapshot =>
  ofPod(seconds, { unscheduled: text }, ({ pod: one }) => [
    event(one, "FailedScheduling", text, 0.2, { timeless: true }),
    ...events(one),
  ]);
const HELPLESS =
  " no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
const claim = make("PersistentVolumeClaim", "data", { spec: {}, status: { phase: "Pending" } });

export const scheduling: readonly Scene[] = [
  {
    name: "too little processor",
    code: "unschedulable/resources",
    state: "failed",
    says: "finds no node with enough cpu",
    snapshot: unscheduled(
      31,
      `0/3 nodes are available: 1 node(s) had untolerated taint {CriticalAddonsOnly: true}, 2 Insufficient cpu.${HELPLESS}`,
    ),
  },
  {
    name: "the same, at first",
    code: "unschedulable/resources",
    state: "progressing",
    says: "enough cpu",
    snapshot: unscheduled(3, `0/1 nodes are available: 1 Insufficient cpu.${HELPLESS}`),
  },
  {
    name: "the same, while the autoscaler brings a node",
    code: "unschedulable/resources",
    state: "progressing",
    says: "a node is on its way",
    snapshot: unscheduled(200, "0/1 nodes are available: 1 Insufficient cpu.", (one) => [
      event(one, "TriggeredScaleUp", "pod triggered scale-up: [{aks-pool-vmss 1->2 (max: 3)}]", 12, { warning: false }),
    ]),
  },
  {
    name: "the same, where the autoscaler brings none",
    code: "unschedulable/resources",
    state: "failed",
    says: "the autoscaler adds none",
    snapshot: unscheduled(12, "0/1 nodes are available: 1 Insufficient cpu.", (one) => [
      event(one, "NotTriggerScaleUp", "pod didn't trigger scale-up: 1 max node group size reached", 11, {
        warning: false,
      }),
    ]),
  },
  {
    name: "a selector that no node has",
    code: "unschedulable/affinity",
    state: "failed",
    says: "nodeSelector or affinity",
    snapshot: unscheduled(
      31,
      `0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.${HELPLESS}`,
    ),
  },
  {
    name: "a taint",
    code: "unschedulable/taint",
    state: "failed",
    says: "does not tolerate (sku: gpu)",
    snapshot: unscheduled(31, "0/1 nodes are available: 1 node(s) had untolerated taint {sku: gpu}."),
  },
  {
    name: "a claim that is not there",
    code: "unschedulable/volume",
    state: "failed",
    says: "wants the claim data, which is not there",
    snapshot: unscheduled(31, '0/1 nodes are available: persistentvolumeclaim "data" not found. not found'),
  },
  {
    name: "something new in the scheduler",
    code: "unschedulable/other",
    state: "failed",
    says: "1 node(s) had a bad day",
    snapshot: unscheduled(31, "0/1 nodes are available: 1 node(s) had a bad day."),
  },
  {
    name: "a claim whose storage nobody has",
    code: "claim/pending",
    state: "failed",
    says: "there is no StorageClass managed-csi; so for PersistentVolumeClaim/data",
    snapshot: ((): Snapshot => {
      const one = rollout("api", {
        unscheduled: "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.",
        spec: { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "data" } }] },
      });
      const said = event(claim, "ProvisioningFailed", 'storageclass.storage.k8s.io "managed-csi" not found', 60, {
        first: 0.4,
        times: 5,
      });
      return snapshot(62, [want(one.deployment), want(claim)], [...one.all, claim, said]);
    })(),
  },
];
