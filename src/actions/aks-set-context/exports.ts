import { delimiter } from "node:path";

export interface Exported {
  /** Path. */
  readonly kubeconfig: string;
  readonly route: "direct" | "run-command";
  readonly clusterId: string;
}

/** What later steps get: paths and names, no credential. */
export function listExports({ kubeconfig, route, clusterId }: Exported): Readonly<Record<string, string>> {
  return {
    KUBECONFIG: kubeconfig,
    // The kubernetes and helm providers of terraform read this one.
    KUBE_CONFIG_PATH: kubeconfig,
    MAYFLY_AKS_CLUSTER: clusterId,
    MAYFLY_AKS_ROUTE: route,
  };
}

/** What becomes of a KUBECONFIG that was there before. */
export function sayExports(
  { kubeconfig }: Exported,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const before = environment["KUBECONFIG"];
  if (!before || before === kubeconfig) return [];
  const both = `${kubeconfig}${delimiter}${before}`;
  return [
    `KUBECONFIG was ${before}; later steps of this job get ${kubeconfig}. The file that it named is left alone; for both at once set KUBECONFIG: ${both}`,
  ];
}
