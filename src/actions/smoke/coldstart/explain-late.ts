import type { KubeObject, ObjectKind } from "../../../kubernetes/kube-object.ts";
import { findCondition } from "../../../rollout/condition.ts";
import { judge } from "../../../rollout/judge.ts";
import type { Patience } from "../../../rollout/verdict.ts";
import { EVENT, findWarning, type ScalerRef, tellCondition } from "../keda/scaler.ts";
import type { Scope } from "../scope.ts";
import { POD } from "./watch.ts";

/** What is late needs no more patience: its best explanation is asked for. */
const NONE: Patience = {
  unschedulableMs: 0,
  scaleUpMs: 0,
  mountMs: 0,
  deniedMs: 0,
  restarts: 0,
  unreadyMs: 0,
  settleMs: 0,
  silenceMs: 0,
};
const REPLICA_SET: ObjectKind = { apiVersion: "apps/v1", kind: "ReplicaSet" };

/** Why a Job, or what is scaled, does not get on, in a line; undefined where nothing says so. */
export async function explainMaker(maker: KubeObject, ref: ScalerRef, scope: Scope): Promise<string | undefined> {
  const { apiVersion, kind, metadata } = maker;
  const kinds = [{ apiVersion, kind }, POD, EVENT, ...(kind === "Deployment" ? [REPLICA_SET] : [])];
  const lists = await Promise.all(kinds.map((each) => listAllowed(each, ref.namespace, scope)));
  const verdict = judge(
    {
      at: scope.world.now(),
      startedAt: new Date(scope.startedAt.getTime() + (scope.memory.publishedAtMs ?? 0)),
      wanted: [{ apiVersion, kind, namespace: ref.namespace, name: metadata.name, hook: false }],
      objects: lists.flat(),
    },
    NONE,
  );
  const [cause] = verdict.state === "failed" ? verdict.causes : verdict.doubts;
  return cause === undefined || cause.code === "never-ready/silent" ? undefined : cause.sentence;
}

/** Why KEDA makes nothing, in a line; undefined where it says that all is well. */
export async function explainScaler(ref: ScalerRef, scope: Scope): Promise<string | undefined> {
  const scaler = (await scope.watches.list(ref, ref.namespace)).find(({ metadata }) => metadata.name === ref.name);
  if (scaler === undefined) return `there is no ${ref.kind} ${ref.name} in ${ref.namespace}`;
  const isTrue = (type: string): boolean => findCondition(scaler, type)?.status === "True";
  if (isTrue("Paused")) return tellCondition(scaler, "Paused");
  if (isTrue("Ready")) return isTrue("Active") ? undefined : tellCondition(scaler, "Active");
  const warning = await findWarning(ref, scope);
  return [tellCondition(scaler, "Ready"), ...(warning === undefined ? [] : [warning])].join("; ");
}

/** What may not be listed explains nothing. */
async function listAllowed(kind: ObjectKind, namespace: string, scope: Scope): Promise<readonly KubeObject[]> {
  try {
    return await scope.watches.list(kind, namespace);
  } catch (error) {
    if (scope.world.readRefusal(error) === undefined) throw error;
    return [];
  }
}
