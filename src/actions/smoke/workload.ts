import type { ObjectKind } from "../../kubernetes/kube-object.ts";

const KINDS: Readonly<Record<string, ObjectKind>> = {
  deployment: { apiVersion: "apps/v1", kind: "Deployment" },
  statefulset: { apiVersion: "apps/v1", kind: "StatefulSet" },
  daemonset: { apiVersion: "apps/v1", kind: "DaemonSet" },
  job: { apiVersion: "batch/v1", kind: "Job" },
};

/** What `deployment/api` means. */
export function readWorkload(text: string | undefined): (ObjectKind & { readonly name: string }) | undefined {
  const [word = "", name = ""] = text?.split("/") ?? [];
  const kind = KINDS[word];
  return kind && { ...kind, name };
}
