import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { textsOf } from "../read-field.ts";
import { refOf } from "../seen.ts";
import { type Look, makeSign, type Sign } from "../signs/sign.ts";

/** Where the labels stand that pods of a kind have, or will have. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Pod: ["metadata", "labels"],
  "apps/Deployment": ["spec", "template", "metadata", "labels"],
  "apps/StatefulSet": ["spec", "template", "metadata", "labels"],
  "apps/DaemonSet": ["spec", "template", "metadata", "labels"],
  "apps/ReplicaSet": ["spec", "template", "metadata", "labels"],
  "batch/Job": ["spec", "template", "metadata", "labels"],
  "batch/CronJob": ["spec", "jobTemplate", "spec", "template", "metadata", "labels"],
};

/** A selector of labels that no pod has, and none of the namespace's workloads would give one. */
export function readNoMatch(
  object: KubeObject,
  selector: Readonly<Record<string, string>>,
  { seen }: Look,
): Sign | undefined {
  const matched = Object.entries(TEMPLATES).some(([kind, path]) =>
    seen.list(kind).some((each) => {
      const labels = textsOf(each, ...path);
      const same = each.metadata.namespace === object.metadata.namespace;
      return same && Object.entries(selector).every(([name, value]) => labels[name] === value);
    }),
  );
  if (matched) return undefined;
  const words = Object.entries(selector).map(([name, value]) => `${name}=${value}`);
  return makeSign("nothing/matched", {
    fatal: false,
    where: refOf(object),
    says: `it selects pods with ${words.join(", ")}, and there are none`,
    fix: "make the labels of the pod's template and the selector the same",
  });
}
