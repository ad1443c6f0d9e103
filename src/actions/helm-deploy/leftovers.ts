import { readManifest } from "../../helm/read-manifest.ts";
import type { ReleaseRecord } from "../../helm/release-record.ts";
import type { KubeObject } from "../../kubernetes/kube-object.ts";
import type { World } from "./world.ts";

/** So many say enough. */
const MOST = 10;

/** What is left of a revision's objects, each with what holds it, for people. What may not be looked at is left out. */
export async function listLeftovers(
  { cluster }: Pick<World, "cluster">,
  { manifest, namespace }: ReleaseRecord,
): Promise<readonly string[]> {
  const read = readManifest(manifest, namespace);
  const objects = "value" in read ? read.value.filter(({ object }) => !isKept(object)) : [];
  const live = await Promise.all(
    objects.map(async ({ object: { apiVersion, kind, metadata } }) => {
      const ref = { apiVersion, kind, name: metadata.name, namespace: metadata.namespace };
      return cluster.find(ref).catch(() => undefined);
    }),
  );
  return live
    .filter((object) => object !== undefined)
    .map(describe)
    .slice(0, MOST);
}

/** By the chart's own word: helm leaves it, too. */
function isKept({ metadata }: KubeObject): boolean {
  return metadata.annotations?.["helm.sh/resource-policy"] === "keep";
}

function describe({ kind, metadata }: KubeObject): string {
  const { name, deletionTimestamp, finalizers = [] } = metadata;
  const held = finalizers.filter((each) => each !== "foregroundDeletion");
  if (held.length > 0) return `${kind}/${name}, held by its finalizers ${held.join(", ")}`;
  return deletionTimestamp === undefined ? `${kind}/${name}` : `${kind}/${name}, which is being deleted`;
}
