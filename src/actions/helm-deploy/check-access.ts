import { listRequiredAccess, renderMissingAccess } from "../../helm/required-access.ts";
import type { Finding, PreflightCheck } from "./preflight.ts";

/** Asks the cluster whether we may do all that the release needs, before the first object of it is there. */
export const checkAccess: PreflightCheck = async ({ world }, { rendered, chart }) => {
  const objects = [...rendered.objects, ...rendered.hooks].map(({ object }) => object);
  const kinds = new Map(objects.map(({ apiVersion, kind }) => [`${apiVersion}/${kind}`, { apiVersion, kind }]));
  const served = await Promise.all([...kinds.values()].map((kind) => world.cluster.findKind(kind)));
  const wanted = listRequiredAccess(objects, {
    namespace: chart.order.namespace,
    served: served.filter((kind) => kind !== undefined),
  });
  const answers = await Promise.all(
    wanted.map(async (access) => ({ access, answer: await world.cluster.mayI(access) })),
  );
  const denied = answers.filter(({ answer }) => !answer.allowed).map(({ access }) => access);
  if (denied.length === 0) return [];
  const finding: Finding = { severity: "error", code: "cluster-denied", message: renderMissingAccess(denied) };
  return [finding];
};
