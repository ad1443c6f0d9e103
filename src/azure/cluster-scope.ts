/**
 * What API servers of AKS want a token for: an application of Microsoft's with one id in all clouds.
 * https://azure.github.io/kubelogin/concepts/aks.html
 */
export const CLUSTER_SCOPE = "6dae42f8-4368-4678-94ff-3960e28e3630/.default";
