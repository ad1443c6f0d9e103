import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { AskApi } from "../ask-api.ts";
import { type ImageOptions, writeImageArchive } from "../images/archive.ts";
import { loadImage } from "../images/load-image.ts";
import { kubectl } from "../kubectl.ts";
import type { Layout } from "../layout.ts";
import type { Programs } from "../need-programs.ts";
import { until } from "../node/daemon.ts";

/** What is put into a cluster besides the node itself. */
export interface AddonSpec {
  readonly images: readonly ImageOptions[];
  /** All that it is made of, in an order in which they can be made. */
  readonly objects: readonly object[];
  readonly namespace: string;
  /** What must be ready: `deployments/<name>` or `statefulsets/<name>`. */
  readonly workload: string;
}

/** Puts an add-on into a cluster, in place of what is there of it, and waits until it is ready. */
export async function putAddon(layout: Layout, programs: Programs, api: AskApi, addon: AddonSpec): Promise<void> {
  const loads = addon.images.map(async (image, index) => {
    const archive = join(layout.home, `${addon.namespace}-${index}.tar`);
    await writeImageArchive(archive, image);
    await loadImage(layout, programs.ctr, archive);
    await rm(archive);
  });
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: addon.objects });
  const applied = kubectl(layout, programs.kubectl, ["apply", "--server-side", "--force-conflicts", "-f", "-"], list);
  await Promise.all([...loads, applied]);
  await until(`${addon.workload} was ready`, [], async () => {
    const { text } = await api(`/apis/apps/v1/namespaces/${addon.namespace}/${addon.workload}`);
    const { status } = JSON.parse(text) as { readonly status?: { readonly readyReplicas?: number } };
    return (status?.readyReplicas ?? 0) > 0 ? true : undefined;
  });
}
