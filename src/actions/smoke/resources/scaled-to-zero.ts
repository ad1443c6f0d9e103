import { UserError } from "../../../kit/user-error.ts";
import type { KubeObject, ObjectKind } from "../../../kubernetes/kube-object.ts";
import { findCondition } from "../../../rollout/condition.ts";
import { type Pod, readPod } from "../../../rollout/pod.ts";
import { countOf } from "../../../rollout/read-field.ts";
import { kindOf, lookOver, type Seen } from "../../../rollout/seen.ts";
import { POD_MAKERS, readScaled } from "../reached-pods.ts";
import { pickRelated } from "../related-objects.ts";
import type { Scope } from "../scope.ts";
import { type Finding, holds, type Judge, notYet } from "./finding.ts";
import { listOptional } from "./list-optional.ts";

const WITH_REPLICAS: ReadonlySet<string> = new Set(["apps/Deployment", "apps/StatefulSet", "apps/ReplicaSet"]);
const SCALED_OBJECT = "keda.sh/ScaledObject";
const SCALED_JOB = "keda.sh/ScaledJob";

/**
 * Nothing is asked for and nothing is left: no replicas and no pod, of a ScaledJob no Job that is not over. Pods that
 * have ended use nothing any more.
 *
 * @throws UserError `smoke-spec-invalid` for a kind that has no replicas
 */
export function judgeByScale(kind: ObjectKind, scope: Scope): Judge {
  const name = kindOf(kind);
  if (!WITH_REPLICAS.has(name) && name !== SCALED_OBJECT && name !== SCALED_JOB) {
    throw new UserError(
      "smoke-spec-invalid",
      `scaledToZero: expected Deployment, StatefulSet, ReplicaSet, ScaledObject or ScaledJob, got ${kind.kind}`,
    );
  }
  return {
    expected: "scaled to zero",
    open: async (objects) => {
      const namespaces = [...new Set(objects.map(({ metadata }) => metadata.namespace))];
      const targets = name === SCALED_OBJECT ? listDistinct(objects.map(readScaled)) : [];
      const lists = namespaces.flatMap((each) => [
        ...POD_MAKERS.map((maker) => scope.watches.list(maker, each)),
        ...targets.map((target) => listOptional(scope, target, each)),
      ]);
      const all = await Promise.all(lists);
      const scaled = name === SCALED_OBJECT ? all.flat().filter((each) => isTarget(each, objects)) : [];
      const related = pickRelated([...objects, ...scaled], all);
      const seen = lookOver({ at: scope.world.now(), startedAt: scope.startedAt, wanted: [], objects: related });
      return (object) => (name === SCALED_OBJECT ? judgeTarget(object, seen) : judge(object, seen));
    },
  };
}

function isTarget({ apiVersion, kind, metadata }: KubeObject, scaled: readonly KubeObject[]): boolean {
  return scaled.map(readScaled).some((ref) => {
    return ref.name === metadata.name && ref.kind === kind && kindOf(ref) === kindOf({ apiVersion, kind });
  });
}

function judgeTarget(scaled: KubeObject, seen: Seen): Finding {
  const ref = { ...readScaled(scaled), namespace: scaled.metadata.namespace };
  const target = seen.find(ref);
  return target === undefined ? notYet(`its target ${ref.kind}/${ref.name} is not there`) : judge(target, seen);
}

function judge(object: KubeObject, seen: Seen): Finding {
  const replicas = countOf(object, "spec", "replicas") ?? 1;
  const jobs = seen.ownedBy(object).filter((owned) => kindOf(owned) === "batch/Job" && !isOver(owned));
  const pods = listOwn(object, seen).filter(({ phase }) => phase !== "Succeeded" && phase !== "Failed");
  const asked =
    kindOf(object) === SCALED_JOB
      ? jobs.map(({ metadata }) => `Job ${metadata.name} is not over`)
      : replicas === 0
        ? []
        : [`${replicas} replicas are asked for`];
  const left = pods.length === 0 ? [] : [`pods are left: ${pods.map((pod) => pod.name).join(", ")}`];
  const told = [...asked, ...left];
  return told.length === 0 ? holds("nothing runs") : notYet(told.join("; "));
}

function isOver(job: KubeObject): boolean {
  return ["Complete", "Failed"].some((type) => findCondition(job, type)?.status === "True");
}

/** All pods below an object, of whatever revision. */
function listOwn(object: KubeObject, seen: Seen): readonly Pod[] {
  return seen.ownedBy(object).flatMap((owned) => (kindOf(owned) === "Pod" ? [readPod(owned)] : listOwn(owned, seen)));
}

function listDistinct(kinds: readonly ObjectKind[]): readonly ObjectKind[] {
  return [...new Map(kinds.map(({ apiVersion, kind }) => [`${apiVersion} ${kind}`, { apiVersion, kind }])).values()];
}
