import type { AskApi } from "../ask-api.ts";
import { until } from "../node/daemon.ts";
import { applyObject, type KubernetesObject } from "./apply-object.ts";

/** What is put into a cluster besides the node itself. */
export interface AddonSpec {
  /** All that it is made of, in an order in which they can be made. */
  readonly objects: readonly KubernetesObject[];
  readonly namespace: string;
  /** What must be ready: `deployments/<name>` or `statefulsets/<name>`. */
  readonly workload: string;
}

/** Puts an add-on into a cluster, in place of what is there of it, and waits until it is ready. */
export async function putAddon(api: AskApi, addon: AddonSpec): Promise<void> {
  for (const object of addon.objects) await applyObject(api, object);
  await until(`${addon.workload} was ready`, [], async () => {
    const { text } = await api(`/apis/apps/v1/namespaces/${addon.namespace}/${addon.workload}`);
    const { status } = JSON.parse(text) as { readonly status?: { readonly readyReplicas?: number } };
    return (status?.readyReplicas ?? 0) > 0 ? true : undefined;
  });
}
