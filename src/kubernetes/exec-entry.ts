import { readFileSync } from "node:fs";
import type { ClusterEntry } from "./kubeconfig-cluster.ts";
import type { ExecEntry } from "./kubeconfig-user.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The plugin as the library shall start it. It leaves out KUBERNETES_EXEC_INFO, which plugins of clouds read, and it
 * would hand on this process's environment instead of the one that we were given.
 */
export function execEntry(exec: ExecEntry, cluster: ClusterEntry, environment: Environment): unknown {
  const inherited = Object.entries(environment).map(([name, value]) => ({ name, value: value ?? "" }));
  const info = {
    apiVersion: exec.apiVersion,
    kind: "ExecCredential",
    spec: { interactive: false, ...(exec.provideClusterInfo ? { cluster: clusterInfo(cluster) } : {}) },
  };
  const { command, args, apiVersion } = exec;
  return {
    apiVersion,
    command,
    args,
    env: [...inherited, ...exec.env, { name: "KUBERNETES_EXEC_INFO", value: JSON.stringify(info) }],
  };
}

/** https://kubernetes.io/docs/reference/config-api/client-authentication.v1/#client-authentication-k8s-io-v1-Cluster */
function clusterInfo({ server, execConfig, "certificate-authority": file, ...cluster }: ClusterEntry): unknown {
  return {
    server: server.href.replace(/\/$/, ""),
    ...cluster,
    ...(file === undefined ? {} : { "certificate-authority-data": readFileSync(file).toString("base64") }),
    ...(execConfig === undefined ? {} : { config: execConfig }),
  };
}
