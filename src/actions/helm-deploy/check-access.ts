import { listRequiredAccess, renderMissingAccess } from "../../helm/required-access.ts";
import { eachSideBySide } from "../../kit/side-by-side.ts";
import type { Access, ServedKind } from "../../kubernetes/cluster.ts";
import type { Finding, PreflightCheck } from "./preflight.ts";
import type { Rendered } from "./render-release.ts";
import type { Session } from "./session.ts";

/** Asks the cluster whether we may do all that the release needs, before the first object of it is there. */
export const checkAccess: PreflightCheck = async ({ world }, { rendered, chart }) => {
  const objects = [...rendered.objects, ...rendered.hooks].map(({ object }) => object);
  const served = await listServed(world, rendered);
  const { namespace } = chart.order;
  const denied = await listDenied(world, listRequiredAccess(objects, { namespace, served, watched: false }));
  if (denied.length === 0) return [];
  const finding: Finding = { severity: "error", code: "cluster-access-missing", message: renderMissingAccess(denied) };
  return [finding];
};

/** Whether every kind of the chart may be watched: helm 4's own watcher fails where it may not, after it has applied. */
export async function mayWatch({ world, helm }: Session, rendered: Rendered, namespace: string): Promise<boolean> {
  if (helm.version.major === 3) return false;
  const served = await listServed(world, rendered);
  const wanted = served.flatMap(({ apiVersion, resource, namespaced }) => {
    const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
    const place = namespaced ? { namespace } : {};
    return ["list", "watch"].map((verb): Access => ({ verb, group, resource, ...place }));
  });
  return (await listDenied(world, wanted)).length === 0;
}

async function listServed(world: Session["world"], rendered: Rendered): Promise<readonly ServedKind[]> {
  const objects = [...rendered.objects, ...rendered.hooks].map(({ object }) => object);
  const kinds = new Map(objects.map(({ apiVersion, kind }) => [`${apiVersion}/${kind}`, { apiVersion, kind }]));
  const served = await Promise.all([...kinds.values()].map((kind) => world.cluster.findKind(kind)));
  return served.filter((kind) => kind !== undefined);
}

/** Each question at once would be a connection of its own, whose TLS takes longer than the answer. */
const ASKED_AT_ONCE = 4;

async function listDenied(world: Session["world"], wanted: readonly Access[]): Promise<readonly Access[]> {
  const denied = new Set<Access>();
  await eachSideBySide(wanted, ASKED_AT_ONCE, async (access) => {
    if (!(await world.cluster.mayI(access)).allowed) denied.add(access);
  });
  return wanted.filter((access) => denied.has(access));
}
