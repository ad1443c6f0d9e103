/** Behaviour of AKS that tests may change at any time. */
export interface AksSettings {
  /** Kubernetes versions of the region, the default first. */
  versions: readonly string[];
  /** A kubeconfig of a real cluster that stands behind one of the emulated ones, by resource id in lower case. */
  readonly kubeconfigs: Map<string, string>;
}

export function defaultAksSettings(): AksSettings {
  return { versions: ["1.35.4", "1.36.3", "1.36.1", "1.35.2", "1.34.9", "1.33.12"], kubeconfigs: new Map() };
}
