import type { KubeObject } from "../kubernetes/kube-object.ts";
import { sayHowToReplace } from "./faults/explain-immutable.ts";
import { listImages, listPodTemplates } from "./images.ts";
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
  return [...listImmutable(plan), ...listScaled(objects), ...listUnproven(objects), ...listMoving(objects)];
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
    const message = `${name}: ${first.path}${others} can only be set once, and changes (${first.before ?? "nothing"} → ${first.after ?? "nothing"}).\nTo do: ${sayHowToReplace(ref.kind, ref.name, ref.namespace)}.`;
    // The object may be gone already (a Job's time to live, or this advice): the API server's dry run is certain.
    return [{ severity: "warning", code: "immutable-field", message }] as const;
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

const SERVING = new Set(["Deployment", "StatefulSet", "DaemonSet"]);

/** Without a readiness probe a container counts as ready while it still starts, or before it is killed. */
function listUnproven(objects: readonly ManifestObject[]): readonly HelmFinding[] {
  return objects.flatMap(({ object, source }) => {
    if (!SERVING.has(object.kind)) return [];
    const containers = listPodTemplates(object).flatMap(({ spec }) => spec["containers"] as readonly unknown[]);
    const bare = containers.map(treeOf).filter((one) => one["readinessProbe"] === undefined);
    if (bare.length === 0) return [];
    const names = bare.map(({ name }) => (typeof name === "string" ? name : "a container")).join(", ");
    const message = `${object.kind}/${object.metadata.name} (${source}): ${names} ${bare.length === 1 ? "has" : "have"} no readiness probe: that a rollout succeeds proves no more than that the process was started.\nTo do: give ${bare.length === 1 ? "it" : "each"} a readinessProbe.`;
    return [{ severity: "warning", code: "readiness-unproven", message }] as const;
  });
}

/** A tag that moves: the same manifest runs another image tomorrow, and going back goes nowhere. */
function listMoving(objects: readonly ManifestObject[]): readonly HelmFinding[] {
  const moving = listImages(objects.map(({ object }) => object)).filter(({ image }) => {
    const name = image.split("/").at(-1) ?? "";
    return !name.includes("@") && (!name.includes(":") || name.endsWith(":latest"));
  });
  return moving.map(({ image, subject }) => {
    const message = `${subject.kind}/${subject.name} runs ${image}, which means something else after the next push: a rollback would not bring the old one back.\nTo do: name a tag that is written once, or a digest (images and image-values do so).`;
    return { severity: "warning", code: "image-moving", message } as const;
  });
}

function targetOf(object: KubeObject): readonly string[] {
  if (object.kind !== "HorizontalPodAutoscaler" && object.kind !== "ScaledObject") return [];
  const target = treeOf(treeOf(object["spec"])["scaleTargetRef"]);
  // KEDA means a Deployment where it is told no kind.
  const { kind, name } = target;
  return typeof name === "string" ? [`${typeof kind === "string" ? kind : "Deployment"}/${name}`] : [];
}

function treeOf(value: unknown): Tree {
  return isTree(value) ? value : {};
}
