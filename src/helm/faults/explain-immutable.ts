import type { Explained } from "./fault-row.ts";

/** What mends a change of what can only be set once, by kind. */
export function sayHowToReplace(kind: string, name: string, namespace?: string): string {
  const target = `${kind.toLowerCase()} ${name}${namespace === undefined ? "" : ` --namespace ${namespace}`}`;
  switch (kind) {
    case "Job":
      return `make it a hook (helm.sh/hook: pre-upgrade, helm.sh/hook-delete-policy: before-hook-creation) or give it a new name with each change; this once: kubectl delete ${target}`;
    case "Deployment":
    case "DaemonSet":
    case "ReplicaSet":
      return `keep the selector as it was, and version, chart and date out of it; or, with its pods living on: kubectl delete ${target} --cascade=orphan`;
    case "StatefulSet":
      return `keep these fields as they were; or, with its pods and volumes living on: kubectl delete ${target} --cascade=orphan`;
    case "PersistentVolumeClaim":
      return "keep it as it was, or give the new one another name and move the data: deleting it deletes the data";
    case "ConfigMap":
    case "Secret":
      return "give it a name with a hash of its content, since it is marked as immutable";
    default:
      return `keep it as it was, or delete it so that it is made anew: kubectl delete ${target}`;
  }
}

/** A change that the API server refuses as the field can only be set once. Values are left out: a Job's is all of it. */
export function explainImmutable(kind: string, name: string, why: string): Explained {
  const fields = [...why.matchAll(/(?:^|\[|, |\n\s*\*?\s*)((?:spec|data|roleRef|parameters|provisioner)[\w.[\]]*): /g)];
  const names = [...new Set(fields.map(([, field = ""]) => field))];
  const which = names.length === 0 ? "a field" : names.join(", ");
  return {
    message: `${which} of ${kind}/${name} changes, and can only be set once`,
    fix: sayHowToReplace(kind, name),
    object: { kind, name },
  };
}
