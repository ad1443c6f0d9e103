import type { KubeObject } from "../../kubernetes/kube-object.ts";
import type { CheckResult } from "../../smoke/result.ts";
import type { Removal } from "../../smoke/smoke-test.ts";
import { needCluster } from "./begin-check.ts";
import { explain } from "./look-once.ts";
import type { Session } from "./session.ts";
import { tellLine } from "./tell-line.ts";

/** Takes an object away that a test has left, once and without waiting for what becomes of it. */
export async function removeObject({ ref, line }: Removal, session: Session): Promise<CheckResult> {
  const { elapsed, world, lasting } = session;
  const fromMs = elapsed();
  const { outcome, seen } = await remove(ref, session).catch((error: unknown) => ({
    outcome: "failed" as const,
    seen: explain(error, world, lasting).because,
  }));
  return {
    name: `delete ${ref.kind}/${ref.name}`,
    kind: "delete",
    line,
    outcome,
    optional: false,
    expected: "it is taken away",
    seen: tellLine(world, seen),
    tries: 1,
    fromMs,
    toMs: elapsed(),
    involved: [],
    phases: [],
  };
}

async function remove(
  ref: Removal["ref"],
  { world, test }: Session,
): Promise<Pick<CheckResult, "outcome"> & { readonly seen: string }> {
  const cluster = needCluster(world);
  const kind = await cluster.findKind(ref);
  if (kind === undefined) return { outcome: "passed", seen: `the cluster does not know ${ref.kind}` };
  // What belongs to no namespace belongs to everybody.
  if (!kind.namespaced || ref.kind === "PersistentVolumeClaim") {
    return { outcome: "failed", seen: `a smoke test takes away no ${ref.kind}: do it by hand` };
  }
  const there = { ...ref, namespace: ref.namespace ?? test.namespace };
  const object = await cluster.find(there);
  if (object === undefined) return { outcome: "passed", seen: "it was not there" };
  const owner = findOwner(object);
  if (owner !== undefined) return { outcome: "failed", seen: `it is left alone, since it belongs to ${owner}` };
  const { uid } = object.metadata;
  await cluster.remove(there, uid === undefined ? {} : { uid });
  return { outcome: "passed", seen: "taken away" };
}

/** Who would miss an object: what a release or a controller has made, or helm itself, is no leftover of a test. */
function findOwner({ metadata, type }: KubeObject): string | undefined {
  if (type === "helm.sh/release.v1" || metadata.labels?.["owner"] === "helm")
    return "helm, which keeps a release in it";
  const release = metadata.annotations?.["meta.helm.sh/release-name"];
  if (release !== undefined) return `the helm release ${release}`;
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  return owner && `${owner.kind}/${owner.name}`;
}
