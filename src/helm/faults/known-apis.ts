/** Which chart brings the kinds of an API group. */
const BRINGERS: Readonly<Record<string, string>> = {
  "keda.sh": "KEDA (chart keda of https://kedacore.github.io/charts, or the cluster's add-on)",
  "cert-manager.io": "cert-manager (chart oci://quay.io/jetstack/charts/cert-manager)",
  "monitoring.coreos.com":
    "the Prometheus operator (chart kube-prometheus-stack of https://prometheus-community.github.io/helm-charts)",
  "external-secrets.io": "External Secrets (chart external-secrets of https://charts.external-secrets.io)",
  "secrets-store.csi.x-k8s.io": "the Secrets Store CSI driver (on AKS the add-on azure-keyvault-secrets-provider)",
  "gateway.networking.k8s.io": "the Gateway API's CRDs",
  "traefik.io": "Traefik (chart traefik of https://traefik.github.io/charts)",
  "argoproj.io": "Argo",
  "networking.istio.io": "Istio (on AKS the service mesh add-on)",
  "security.istio.io": "Istio (on AKS the service mesh add-on)",
  "cilium.io": "Cilium",
  "jetstream.nats.io": "NACK, NATS's controller (chart nack of https://nats-io.github.io/k8s/helm/charts)",
};

/** Groups of Kubernetes itself: there it is the version that is too old or too new. */
const BUILT_IN = /^(?:apps|batch|autoscaling|policy|extensions|(?:[a-z-]+\.)+k8s\.io)$/;

/** What to do about a kind that the cluster does not know. */
export function sayWhoBrings(api: string, kind: string): string {
  const group = api.includes("/") ? (api.split("/")[0] ?? "") : "";
  const known = Object.hasOwn(BRINGERS, group) ? BRINGERS[group] : undefined;
  if (known !== undefined) return `install ${known} first: pre-releases does so, and waits for its kinds`;
  if (group === "" || BUILT_IN.test(group)) {
    return `take the version of ${kind} that this Kubernetes has: kubectl api-resources shows it, kubectl explain its fields`;
  }
  return `install what brings ${group} first: pre-releases does so, and waits for its kinds`;
}
