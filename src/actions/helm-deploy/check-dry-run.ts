import { explainHelm } from "../../helm/explain-helm.ts";
import type { ManifestObject } from "../../helm/read-manifest.ts";
import type { KubeObject } from "../../kubernetes/kube-object.ts";
import type { Finding, PreflightCheck } from "./preflight.ts";

/** helm 4's own name among the managers of fields: its conflicts are those that helm will meet. */
const MANAGER = "helm";

/**
 * Lets the API server say of each object what it would say to helm: policies, webhooks, immutable fields, conflicts, a
 * kind that it does not know and that nobody brings.
 */
export const checkDryRun: PreflightCheck = async (session, { rendered, chart, history, namespaceExists }) => {
  const { world, helm, request } = session;
  if (!namespaceExists) return [];
  const brought = new Set(rendered.crds.map(({ object }) => nameKind(readBrought(object))));
  // In a plan, what has to be there first is only planned, too.
  const mayCome = request.planOnly && request.beforehand.length > 0;
  const tell = ({ object, source }: ManifestObject, said: string): Finding => {
    const { code, message, fix } = explainHelm(said, { version: helm.version, chart: chart.folder });
    const where = `${object.kind}/${object.metadata.name} (${source})`;
    return { severity: "error", code, message: `${where}: ${message}\nTo do: ${fix}` };
  };
  const newest = history[0]?.record.applyMethod;
  // What helm applies from its own side takes other managers' fields without a word.
  const force = chart.order.force || helm.version.major === 3 || newest === "csa";
  const apply = async (one: ManifestObject): Promise<readonly Finding[]> => {
    const { object } = one;
    try {
      if ((await world.cluster.findKind(object)) === undefined) {
        if (mayCome || brought.has(nameKind(object))) return [];
        return [tell(one, `no matches for kind "${object.kind}" in version "${object.apiVersion}"`)];
      }
      await world.cluster.apply(object, { fieldManager: MANAGER, force, dryRun: true });
      return [];
    } catch (error) {
      const refusal = world.readRefusal(error);
      if (refusal === undefined) throw error;
      // Who may only do so by helm's own way is told by `access`.
      if (refusal.reason === "Forbidden" && /cannot patch/.test(refusal.message)) return [];
      return [tell(one, `Error: ${refusal.message}`)];
    }
  };
  return (await Promise.all(rendered.objects.map(apply))).flat();
};

/** Group and kind: a version that is not served comes with the definition, or is told by helm. */
function nameKind({ apiVersion, kind }: Pick<KubeObject, "apiVersion" | "kind">): string {
  return `${apiVersion.split("/")[0]}/${kind}`;
}

/** What a definition is of. */
function readBrought(definition: KubeObject): Pick<KubeObject, "apiVersion" | "kind"> {
  const { group = "", names } = (definition["spec"] ?? {}) as { group?: string; names?: { kind?: string } };
  return { apiVersion: group, kind: names?.kind ?? "" };
}
