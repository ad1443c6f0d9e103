import type { StaticCredential } from "../kubeconfig/render-kubeconfig.ts";
import type { Cluster } from "./cluster.ts";
import { type ClusterOptions, connectCluster } from "./connect-cluster.ts";
import type { Kubeconfig } from "./kubeconfig.ts";
import { connectLogin } from "./login.ts";

/** Where an API server is, who vouches for it, and who asks. */
export interface ClusterAddress {
  /** The cluster's name, for messages. */
  readonly name: string;
  /** `https://k-0a1b2c3d.hcp.westeurope.azmk8s.io:443`. */
  readonly server: string;
  /** PEM. */
  readonly certificateAuthority: string;
  /** A token for each request, or a credential that does not end. */
  readonly credential: (() => Promise<string>) | StaticCredential;
}

/** A cluster without a kubeconfig: nothing of it lies in a file. Nothing is asked yet. */
export function connectClusterAt(
  address: ClusterAddress,
  options: Omit<ClusterOptions, "kubeconfig" | "context" | "given" | "way">,
): Cluster {
  const { name, server, certificateAuthority, credential } = address;
  const fixed = typeof credential === "function" ? {} : credential;
  const kubeconfig: Kubeconfig = {
    source: `the cluster ${name}`,
    context: name,
    namespace: "default",
    cluster: {
      server: new URL(server),
      "certificate-authority-data": Buffer.from(certificateAuthority).toString("base64"),
    },
    user: { name, ...fixed },
  };
  const login = async () => {
    const user = typeof credential === "function" ? { name, token: await credential() } : kubeconfig.user;
    const unread = { kubeconfig: undefined, context: undefined, redact: (text: string) => text, loginMs: 0 };
    return connectLogin({ ...kubeconfig, user }, { ...options, ...unread }).credentials();
  };
  // Who hands the token out renews it, and there is no file that could be read again.
  const way = { login: { credentials: login, renew: () => undefined } };
  return connectCluster({ ...options, kubeconfig: undefined, context: undefined, given: kubeconfig, way });
}
