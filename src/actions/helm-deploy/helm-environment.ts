type Environment = Readonly<Record<string, string | undefined>>;

/** The runner's own services and the inputs, secrets among them, are none of helm's business, nor of its plugins'. */
const DROPPED = /^(?:ACTIONS_(?:RUNTIME|RESULTS|CACHE)_\w+|INPUT_.*|STATE_.*)$/;
/** Would lead helm to another cluster, namespace or user than those that were looked at. */
const MISLEADING = /^HELM_(?:KUBE\w+|NAMESPACE|DEBUG|DRIVER\w*)$/;

/**
 * The environment that helm runs in: the job's own, without what would mislead it. The right to ask for ID tokens stays:
 * the kubeconfig's plugin needs it.
 */
export function makeHelmEnvironment(
  environment: Environment,
  { kubeconfig, registryConfig }: { readonly kubeconfig: string | undefined; readonly registryConfig: string },
): Environment {
  const kept = Object.entries(environment).filter(([name]) => !DROPPED.test(name) && !MISLEADING.test(name));
  return {
    ...Object.fromEntries(kept),
    ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }),
    // A login that somebody has made before stays in force; ours ends with the step.
    ...(environment["HELM_REGISTRY_CONFIG"] ? {} : { HELM_REGISTRY_CONFIG: registryConfig }),
    NO_COLOR: "1",
  };
}
