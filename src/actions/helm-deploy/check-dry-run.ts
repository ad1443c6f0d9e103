import { explainHelm } from "../../helm/explain-helm.ts";
import type { ManifestObject } from "../../helm/read-manifest.ts";
import type { Finding, PreflightCheck } from "./preflight.ts";

/** helm 4's own name among the managers of fields: its conflicts are those that helm will meet. */
const MANAGER = "helm";

/** Lets the API server say of each object what it would say to helm: policies, webhooks, immutable fields, conflicts. */
export const checkDryRun: PreflightCheck = async ({ world, helm }, { rendered, chart, history, namespaceExists }) => {
  if (!namespaceExists) return [];
  const newest = history[0]?.record.applyMethod;
  // What helm applies from its own side takes other managers' fields without a word.
  const force = chart.order.force || helm.version.major === 3 || newest === "csa";
  const apply = async ({ object, source }: ManifestObject): Promise<readonly Finding[]> => {
    try {
      if ((await world.cluster.findKind(object)) === undefined) return [];
      await world.cluster.apply(object, { fieldManager: MANAGER, force, dryRun: true });
      return [];
    } catch (error) {
      const refusal = world.readRefusal(error);
      if (refusal === undefined) throw error;
      // Who may only do so by helm's own way is told by `access`.
      if (refusal.reason === "Forbidden" && /cannot patch/.test(refusal.message)) return [];
      const { code, message, fix } = explainHelm(`Error: ${refusal.message}`, {
        version: helm.version,
        chart: chart.folder,
      });
      const where = `${object.kind}/${object.metadata.name} (${source})`;
      return [{ severity: "error", code, message: `${where}: ${message}\nTo do: ${fix}` }];
    }
  };
  return (await Promise.all(rendered.objects.map(apply))).flat();
};
