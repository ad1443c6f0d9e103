import { UserError } from "../../kit/user-error.ts";
import type { KubeObject, ObjectKind } from "../../kubernetes/kube-object.ts";
import { listNewestPods } from "../../rollout/newest-pods.ts";
import { type Pod, readPod } from "../../rollout/pod.ts";
import { kindOf, lookOver, type Seen } from "../../rollout/seen.ts";
import { parseSelector } from "../../smoke/match-labels.ts";
import type { Pods } from "../../smoke/spec/pods.ts";
import { pickRelated } from "./related-objects.ts";
import type { Scope } from "./scope.ts";
import { readWorkload } from "./workload.ts";

const POD: ObjectKind = { apiVersion: "v1", kind: "Pod" };

/** What has to be seen to tell which pods of a workload are its newest. */
const BESIDE: Readonly<Record<string, readonly ObjectKind[]>> = {
  "apps/Deployment": [{ apiVersion: "apps/v1", kind: "ReplicaSet" }],
  // Its status does not name its newest revision.
  "apps/DaemonSet": [{ apiVersion: "apps/v1", kind: "ControllerRevision" }],
};
const MAKERS = ["apps/Deployment", "apps/StatefulSet", "apps/DaemonSet"];
/** Who makes the pods of a workload, and is made by one itself. */
const DEPLOYMENT: ObjectKind = { apiVersion: "apps/v1", kind: "Deployment" };

/**
 * The pods that a check means, without those that are being deleted: of a workload those of its newest revision, and of
 * what a selector finds those whose owner does not replace them. `kubectl logs deploy/x` may well read an older one.
 */
export async function findPods(pods: Pods, scope: Scope): Promise<readonly Pod[]> {
  const namespace = pods.namespace ?? scope.namespace;
  const list = (kind: ObjectKind): Promise<readonly KubeObject[]> => scope.watches.list(kind, namespace);
  const workload = readWorkload(pods.workload);
  if (workload !== undefined) {
    const found = (await list(workload)).find(({ metadata }) => metadata.name === workload.name);
    if (found === undefined) return [];
    return listNewestPods(found, await look(scope, [POD, ...(BESIDE[kindOf(workload)] ?? [])], list, found));
  }
  const fits = readFit(pods);
  const living = (await list(POD)).filter((pod) => fits(pod)).map((pod) => readPod(pod));
  const current = living.filter(({ terminating }) => !terminating);
  if (pods.pod !== undefined) return current;
  return dropReplaced(current, scope, list);
}

function readFit({ pod, selector = "" }: Pods): (object: KubeObject) => boolean {
  if (pod !== undefined) return ({ metadata }) => metadata.name === pod;
  const fits = parseSelector(selector);
  if (fits !== undefined) return ({ metadata }) => fits(metadata.labels ?? {});
  throw new UserError(
    "smoke-spec-invalid",
    `selector: expected labels as kubectl takes them, such as app=api,tier!=cache, got ${JSON.stringify(selector)}`,
  );
}

/** Pods of an older revision are on their way out, and may answer whatever they like. */
async function dropReplaced(
  pods: readonly Pod[],
  scope: Scope,
  list: (kind: ObjectKind) => Promise<readonly KubeObject[]>,
): Promise<readonly Pod[]> {
  const owners = [...new Set(pods.flatMap(({ object }) => ownerKind(object) ?? []))];
  const kinds = owners.flatMap((kind): readonly ObjectKind[] => {
    const own = { apiVersion: "apps/v1", kind };
    if (kind === "ReplicaSet") return [own, DEPLOYMENT];
    return kind === "StatefulSet" || kind === "DaemonSet" ? [own, ...(BESIDE[`apps/${kind}`] ?? [])] : [];
  });
  if (kinds.length === 0) return pods;
  const seen = await look(scope, [POD, ...kinds], list);
  const replaced = MAKERS.flatMap((kind) => seen.list(kind)).flatMap((maker) => listReplaced(maker, seen));
  const old = new Set(replaced);
  return pods.filter(({ object }) => !old.has(object));
}

function listReplaced(maker: KubeObject, seen: Seen): readonly KubeObject[] {
  const newest = new Set(listNewestPods(maker, seen).map(({ object }) => object));
  const owned = seen.ownedBy(maker);
  const all = kindOf(maker) === "apps/Deployment" ? owned.flatMap((set) => seen.ownedBy(set)) : owned;
  return all.filter((object) => !newest.has(object));
}

async function look(
  { world, startedAt }: Scope,
  kinds: readonly ObjectKind[],
  list: (kind: ObjectKind) => Promise<readonly KubeObject[]>,
  only?: KubeObject,
): Promise<Seen> {
  const lists = await Promise.all(kinds.map(list));
  const objects = only === undefined ? lists.flat() : pickRelated([only], lists);
  return lookOver({ at: world.now(), startedAt, wanted: [], objects });
}

function ownerKind({ metadata }: KubeObject): string | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true)?.kind;
}
