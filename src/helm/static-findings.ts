import type { KubeObject } from "../kubernetes/kube-object.ts";
import type { ReleasePlan } from "./plan.ts";
import type { ManifestObject } from "./read-manifest.ts";
import { isTree, type Tree } from "./value-tree.ts";
import type { HelmFinding } from "./workload-identity.ts";

export interface StaticFacts {
  readonly objects: readonly ManifestObject[];
  /** Against the newest revision that was deployed. */
  readonly plan: ReleasePlan;
}

/** What the manifests alone tell: changes that no API server takes, and settings that somebody else will take back. */
export function listStaticFindings({ objects, plan }: StaticFacts): readonly HelmFinding[] {
  return [...listImmutable(plan), ...listScaled(objects)];
}

/** Fields that are fixed when an object is made: https://kubernetes.io/docs/concepts/workloads/controllers/ */
const IMMUTABLE: Readonly<Record<string, RegExp>> = {
  Deployment: /^spec\.selector\b/,
  DaemonSet: /^spec\.selector\b/,
  ReplicaSet: /^spec\.selector\b/,
  StatefulSet:
    /^spec\.(?!(?:template|replicas|updateStrategy|persistentVolumeClaimRetentionPolicy|minReadySeconds|ordinals|revisionHistoryLimit)\b)/,
  Job: /^spec\.(?:template|selector|completions|completionMode)\b/,
  PersistentVolumeClaim: /^spec\.(?!resources\b)/,
  Service: /^spec\.clusterIPs?\b/,
  Secret: /^type$/,
};

function listImmutable({ changed }: ReleasePlan): readonly HelmFinding[] {
  return changed.flatMap(({ ref, fields }) => {
    const fixed = fields.filter(({ path }) => IMMUTABLE[ref.kind]?.test(path));
    const [first] = fixed;
    if (first === undefined) return [];
    const name = `${ref.kind}/${ref.name}`;
    const others = fixed.length === 1 ? "" : ` and ${fixed.length - 1} more`;
    const again =
      ref.kind === "Job"
        ? "give the Job a name of its own in each revision ({{ .Release.Revision }}), or make it a hook"
        : `take the change back, or delete it first: kubectl delete ${ref.kind.toLowerCase()} ${ref.name} --namespace ${ref.namespace}`;
    const message = `${name}: ${first.path}${others} cannot be changed once it is made (${first.before ?? "nothing"} → ${first.after ?? "nothing"}).\nTo do: ${again}.`;
    return [{ severity: "error", code: "immutable-field", message }] as const;
  });
}

/** An autoscaler sets replicas, and each deployment would set them back. */
function listScaled(objects: readonly ManifestObject[]): readonly HelmFinding[] {
  const targets = new Set(objects.flatMap(({ object }) => targetOf(object)));
  return objects.flatMap(({ object, source }) => {
    const spec = treeOf(object["spec"]);
    if (spec["replicas"] === undefined || !targets.has(`${object.kind}/${object.metadata.name}`)) return [];
    const message = `${object.kind}/${object.metadata.name} (${source}) sets replicas, and an autoscaler of the chart sets them, too: each deployment takes them back to ${JSON.stringify(spec["replicas"])}.\nTo do: leave spec.replicas out of the template while autoscaling is on.`;
    return [{ severity: "warning", code: "replicas-scaled", message }] as const;
  });
}

function targetOf(object: KubeObject): readonly string[] {
  if (object.kind !== "HorizontalPodAutoscaler" && object.kind !== "ScaledObject") return [];
  const target = treeOf(treeOf(object["spec"])["scaleTargetRef"]);
  // KEDA means a Deployment where it is told no kind.
  return [`${typeof target["kind"] === "string" ? target["kind"] : "Deployment"}/${String(target["name"])}`];
}

function treeOf(value: unknown): Tree {
  return isTree(value) ? value : {};
}
