import { join } from "node:path";
import { DOMAIN, type Layout, LOCAL_IMAGES, NODE_NAME } from "../layout.ts";
import type { Daemon } from "./daemon.ts";

/** The name of the plugin's file, and what the kubelet calls it by. */
export const CREDENTIAL_PROVIDER = "acr-credential-provider";

export function kubelet({ home, certificates, addresses }: Layout, program: string): Daemon {
  return {
    name: "kubelet",
    program,
    parameters: [
      `--config=${join(home, "kubelet.json")}`,
      `--kubeconfig=${join(certificates, "kubelet.kubeconfig")}`,
      `--root-dir=${join(home, "kubelet")}`,
      `--cert-dir=${join(home, "kubelet-pki")}`,
      ...[`--hostname-override=${NODE_NAME}`, `--node-ip=${addresses.bridge}`],
      // As Azure's nodes say it; the emulator's clusters are there, too.
      "--node-labels=topology.kubernetes.io/region=westeurope",
      `--image-credential-provider-config=${join(home, "credential-provider.json")}`,
      `--image-credential-provider-bin-dir=${join(home, "credential-provider")}`,
    ],
  };
}

/** The kubelet's settings: nothing outside of the home, and no eviction on a machine that others fill, too. */
export function kubeletConfig(layout: Layout): object {
  const file = (name: string) => join(layout.certificates, name);
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: layout.addresses.bridge,
    healthzPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: file("ca.crt") },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: file("kubelet.crt"),
    tlsPrivateKeyFile: file("kubelet.key"),
    containerRuntimeEndpoint: `unix://${layout.containerdSocket}`,
    clusterDNS: [layout.addresses.dns],
    clusterDomain: DOMAIN,
    resolvConf: join(layout.home, "resolv.conf"),
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${layout.mark}`,
    failCgroupV1: false,
    failSwapOn: false,
    evictionHard: { "nodefs.available": "1%" },
    imageGCHighThresholdPercent: 100,
    // Tests start many pods at once, from images that are here already.
    serializeImagePulls: false,
    registryPullQPS: 0,
    eventRecordQPS: 0,
    kubeAPIQPS: 100,
    kubeAPIBurst: 200,
    imagePullCredentialsVerificationPolicy: "NeverVerifyAllowlistedImages",
    preloadedImagesVerificationAllowlist: [`${LOCAL_IMAGES}/*`],
    volumePluginDir: join(layout.home, "volume-plugins"),
    podLogsDir: join(layout.home, "pod-logs"),
  };
}

/** How the kubelet gets credentials for Azure's registries, as on a node of AKS; nothing is remembered between two pulls. */
export function credentialProviderConfig(): object {
  return {
    apiVersion: "kubelet.config.k8s.io/v1",
    kind: "CredentialProviderConfig",
    providers: [
      {
        name: CREDENTIAL_PROVIDER,
        apiVersion: "credentialprovider.kubelet.k8s.io/v1",
        matchImages: ["*.azurecr.io"],
        defaultCacheDuration: "0s",
      },
    ],
  };
}
