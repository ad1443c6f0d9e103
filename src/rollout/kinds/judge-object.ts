import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { kindOf } from "../seen.ts";
import type { Look } from "../signs/sign.ts";
import type { Wanted } from "../snapshot.ts";
import { judgeAutoscaler } from "./autoscaler.ts";
import { judgeClaim } from "./claim.ts";
import { judgeCustomResource } from "./custom-resource.ts";
import { judgeDaemonSet } from "./daemon-set.ts";
import { judgeDeployment } from "./deployment.ts";
import { judgeDisruptionBudget } from "./disruption-budget.ts";
import { judgeApiService, judgeDefinition } from "./extension.ts";
import { type Finding, ready, unready } from "./finding.ts";
import { judgeIngress } from "./ingress.ts";
import { judgeJob } from "./job.ts";
import { judgePod } from "./pod.ts";
import { judgeReplicaSet } from "./replica-set.ts";
import { judgeService } from "./service.ts";
import { judgeStatefulSet } from "./stateful-set.ts";

type Judge = (object: KubeObject, look: Look, hook: boolean) => Finding;

/** How each kind of Kubernetes' own is judged that can be unready. */
const JUDGES: Readonly<Record<string, Judge>> = {
  "apps/Deployment": judgeDeployment,
  "apps/ReplicaSet": judgeReplicaSet,
  "apps/StatefulSet": judgeStatefulSet,
  "apps/DaemonSet": judgeDaemonSet,
  ReplicationController: judgeReplicaSet,
  Pod: judgePod,
  "batch/Job": judgeJob,
  Service: judgeService,
  PersistentVolumeClaim: judgeClaim,
  "networking.k8s.io/Ingress": judgeIngress,
  "autoscaling/HorizontalPodAutoscaler": judgeAutoscaler,
  "policy/PodDisruptionBudget": judgeDisruptionBudget,
  "apiextensions.k8s.io/CustomResourceDefinition": judgeDefinition,
  "apiregistration.k8s.io/APIService": judgeApiService,
};

/** The API groups of Kubernetes itself. What is in none of them is a custom resource. */
const BUILT_IN =
  /^(?:[^/]+|(?:apps|batch|autoscaling|policy|extensions|(?:networking|rbac\.authorization|storage|scheduling|admissionregistration|apiextensions|apiregistration|coordination|discovery|node|certificates|flowcontrol\.apiserver|resource|authentication|authorization|events|internal\.apiserver|storagemigration)\.k8s\.io)\/.*)$/;

/** Whether something has to be seen of an object before it counts as ready. The others are ready when they are there. */
export function hasReadiness(kind: string): boolean {
  return Object.hasOwn(JUDGES, kind) || isCustom(kind);
}

/** Whether a kind such as `keda.sh/ScaledJob` is not one of Kubernetes' own. */
export function isCustom(kind: string): boolean {
  return !BUILT_IN.test(kind);
}

/** What one wanted object has come to; undefined for a hook that has not run in this rollout. */
export function judgeObject(wanted: Wanted, look: Look): Finding | undefined {
  const kind = kindOf(wanted);
  if (!hasReadiness(kind)) return wanted.hook ? undefined : ready("nothing to wait for");
  const object = look.seen.find(wanted);
  if (wanted.hook && (object === undefined || !look.seen.isFresh(createdAt(object)))) return undefined;
  if (object === undefined) return unready("not there yet", []);
  if (object.metadata.deletionTimestamp !== undefined) return unready("being deleted", []);
  return (JUDGES[kind] ?? judgeCustomResource)(object, look, wanted.hook);
}

function createdAt({ metadata }: KubeObject): number | undefined {
  const created = Date.parse(metadata.creationTimestamp ?? "");
  return Number.isNaN(created) ? undefined : created;
}
