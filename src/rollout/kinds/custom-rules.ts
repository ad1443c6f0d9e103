import type { Patience } from "../verdict.ts";

/** How a kind of somebody else's says whether it is ready. */
export interface CustomRule {
  /** Who writes its status. */
  readonly controller: string;
  /** Conditions that have to be True. */
  readonly ready: readonly string[];
  /** Conditions that no further try mends, with the status and reason that they then have. */
  readonly failed?: readonly { readonly type: string; readonly status: "True" | "False"; readonly reason?: string }[];
  /** For how long a condition that is False may mend itself. */
  readonly bear: keyof Pick<Patience, "mountMs" | "silenceMs">;
  /** It says that it is ready before it has tried: look on for a while. */
  readonly hasty?: boolean;
  readonly fix: string;
}

const FLUX = "see what the source or chart lacks: flux get all --all-namespaces";
const SECRETS =
  "check the store's identity and its right to read (Key Vault Secrets User), and the name of the secret in the vault";

/** By group and kind. A kind that is not here is judged by the rules of kstatus alone. */
export const CUSTOM_RULES: Readonly<Record<string, CustomRule>> = {
  // A wrong endpoint is Ready for two seconds.
  "keda.sh/ScaledObject": {
    controller: "KEDA's operator",
    ready: ["Ready"],
    bear: "mountMs",
    hasty: true,
    fix: "correct the trigger's address and authentication in the chart's values",
  },
  "keda.sh/ScaledJob": {
    controller: "KEDA's operator",
    ready: ["Ready"],
    bear: "mountMs",
    hasty: true,
    fix: "correct the trigger's address and authentication in the chart's values",
  },
  "external-secrets.io/ExternalSecret": {
    controller: "External Secrets",
    ready: ["Ready"],
    bear: "silenceMs",
    fix: SECRETS,
  },
  "external-secrets.io/SecretStore": {
    controller: "External Secrets",
    ready: ["Ready"],
    bear: "silenceMs",
    fix: SECRETS,
  },
  "external-secrets.io/ClusterSecretStore": {
    controller: "External Secrets",
    ready: ["Ready"],
    bear: "silenceMs",
    fix: SECRETS,
  },
  "bitnami.com/SealedSecret": {
    controller: "the Sealed Secrets controller",
    ready: ["Synced"],
    bear: "mountMs",
    fix: "seal it anew with this cluster's certificate: kubeseal --fetch-cert",
  },
  "cert-manager.io/Certificate": {
    controller: "cert-manager",
    ready: ["Ready"],
    failed: [{ type: "Issuing", status: "False", reason: "Failed" }],
    bear: "silenceMs",
    fix: "see its requests and challenges: kubectl get certificaterequests,orders,challenges",
  },
  "cert-manager.io/Issuer": {
    controller: "cert-manager",
    ready: ["Ready"],
    bear: "silenceMs",
    fix: "correct the issuer's account or Secret",
  },
  "cert-manager.io/ClusterIssuer": {
    controller: "cert-manager",
    ready: ["Ready"],
    bear: "silenceMs",
    fix: "correct the issuer's account or Secret",
  },
  "helm.toolkit.fluxcd.io/HelmRelease": { controller: "Flux", ready: ["Ready"], bear: "silenceMs", fix: FLUX },
  "kustomize.toolkit.fluxcd.io/Kustomization": { controller: "Flux", ready: ["Ready"], bear: "silenceMs", fix: FLUX },
  "gateway.networking.k8s.io/Gateway": {
    controller: "a gateway controller",
    ready: ["Accepted", "Programmed"],
    bear: "silenceMs",
    fix: "check gatewayClassName and listeners: kubectl get gatewayclasses",
  },
  "serving.knative.dev/Service": {
    controller: "Knative",
    ready: ["Ready"],
    bear: "silenceMs",
    fix: "see its revisions: kubectl get revisions",
  },
  "postgresql.cnpg.io/Cluster": {
    controller: "CloudNativePG",
    ready: ["Ready"],
    bear: "silenceMs",
    fix: "see its pods and their logs",
  },
  "kafka.strimzi.io/Kafka": {
    controller: "Strimzi",
    ready: ["Ready"],
    bear: "silenceMs",
    fix: "see its pods and their logs",
  },
  "monitoring.coreos.com/Prometheus": {
    controller: "the Prometheus operator",
    ready: ["Available"],
    bear: "silenceMs",
    fix: "see its pods and their logs",
  },
};

/** Kinds that only configure something and have no status by design. */
const STATUSLESS = new Set([
  "keda.sh/TriggerAuthentication",
  "keda.sh/ClusterTriggerAuthentication",
  "monitoring.coreos.com/ServiceMonitor",
  "monitoring.coreos.com/PodMonitor",
  "monitoring.coreos.com/PrometheusRule",
  "secrets-store.csi.x-k8s.io/SecretProviderClass",
  "azmon.container.insights/ServiceMonitor",
  "azmonitoring.coreos.com/ServiceMonitor",
  "azmonitoring.coreos.com/PodMonitor",
  "gateway.networking.k8s.io/ReferenceGrant",
  "cilium.io/CiliumNetworkPolicy",
  "kyverno.io/PolicyException",
]);
const STATUSLESS_GROUPS =
  /^(?:networking\.istio\.io|security\.istio\.io|telemetry\.istio\.io|traefik\.io|traefik\.containo\.us)\//;

/** Whether a kind never has a status. */
export function isStatusless(kind: string): boolean {
  return STATUSLESS.has(kind) || STATUSLESS_GROUPS.test(kind);
}
