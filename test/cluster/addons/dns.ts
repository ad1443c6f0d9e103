import { DOMAIN } from "../layout.ts";
import type { AddonSpec } from "./addon.ts";
import { programContainer } from "./program-container.ts";

const NAMESPACE = "kube-system";
const LABELS = { "k8s-app": "kube-dns" };

/**
 * Two blocks, since `template` would answer before `kubernetes`. A name that is not of this cluster does not exist: nothing
 * is asked of this machine's resolver.
 */
const COREFILE = `${DOMAIN}:53 in-addr.arpa:53 {
    kubernetes ${DOMAIN} in-addr.arpa {
        pods insecure
    }
    ready
    cache 5
}
.:53 {
    template ANY ANY . {
        rcode NXDOMAIN
    }
}
`;

/** CoreDNS, which knows Services and pods. */
export function dnsAddon(coredns: string, address: string): AddonSpec {
  return {
    namespace: NAMESPACE,
    workload: "deployments/coredns",
    objects: [...RIGHTS, CONFIG, deploymentOf(coredns), serviceAt(address)],
  };
}

const ROLE = "system:coredns";
const ACCOUNT = { kind: "ServiceAccount", name: "coredns", namespace: NAMESPACE };

const RIGHTS = [
  { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: ACCOUNT.name, namespace: NAMESPACE } },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: ROLE },
    rules: [
      { apiGroups: [""], resources: ["services", "pods", "namespaces"], verbs: ["list", "watch"] },
      { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
    ],
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: ROLE },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: ROLE },
    subjects: [ACCOUNT],
  },
];

const CONFIG = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "coredns", namespace: NAMESPACE },
  data: { Corefile: COREFILE },
};

function deploymentOf(program: string) {
  const { container, volume } = programContainer("coredns", program, {
    args: ["-conf", "/etc/coredns/Corefile"],
    readinessProbe: { httpGet: { path: "/ready", port: 8181 }, periodSeconds: 1 },
    volumeMounts: [{ name: "config", mountPath: "/etc/coredns" }],
  });
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "coredns", namespace: NAMESPACE, labels: LABELS },
    spec: {
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: {
          serviceAccountName: ACCOUNT.name,
          dnsPolicy: "Default",
          containers: [container],
          volumes: [volume, { name: "config", configMap: { name: "coredns" } }],
        },
      },
    },
  };
}

const serviceAt = (address: string) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "kube-dns", namespace: NAMESPACE, labels: LABELS },
  spec: {
    clusterIP: address,
    selector: LABELS,
    ports: [
      { name: "dns", port: 53, protocol: "UDP" },
      { name: "dns-tcp", port: 53, protocol: "TCP" },
    ],
  },
});
