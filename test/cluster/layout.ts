import { join } from "node:path";
import { cacheFolder } from "../../scripts/cache-folder.ts";

/**
 * The cluster's addresses. The node has a network of its own, and a cable to this machine: `host` is this machine's end
 * of it, `node` the other. Pods and Services are reached from this machine through that cable.
 */
export const ADDRESSES = {
  host: "10.245.0.1",
  node: "10.245.0.2",
  cable: "10.245.0.0/30",
  /** The bridge of the pods: the API server listens here, since pods must reach it, too. */
  bridge: "10.244.0.1",
  pods: "10.244.0.0/24",
  services: "10.96.0.0/16",
  /** The Service `kubernetes`: the first address of Services. */
  kubernetes: "10.96.0.1",
  dns: "10.96.0.10",
} as const;

/** The cable's name on this machine. The kernel takes 15 characters. */
export const CABLE = "mayfly-node";
export const NODE_NAME = "mayfly";
export const DOMAIN = "cluster.local";
/** Images that were not pulled are named below this: the kubelet asks for no credentials for them. */
export const LOCAL_IMAGES = "mayfly.local";
export const SERVER = `https://${ADDRESSES.bridge}:6443`;

/** Where a cluster's files are; everything that it writes is in there. */
export interface Layout {
  readonly home: string;
  /** Of the cluster's administrator. */
  readonly kubeconfig: string;
  /** What is known of the cluster that runs. */
  readonly record: string;
  /** Held from the first step of a start to the last of its end: see `TestCluster`. */
  readonly certificates: string;
  readonly logs: string;
  readonly containerdSocket: string;
  readonly authenticationConfig: string;
  /** Which emulators the node pulls through, and whose tokens the API server takes: one file each. */
  readonly attachments: string;
  /** What containerd trusts besides the system's own authorities: read again at every pull. */
  readonly registryAuthorities: string;
}

/** The folder of the cluster: `MAYFLY_CLUSTER_HOME`, or one in the cache of tools. */
export function clusterHome(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  return environment["MAYFLY_CLUSTER_HOME"] || join(cacheFolder(environment), "cluster");
}

/** The files of a cluster by their use. */
export function layoutOf(home: string): Layout {
  return {
    home,
    kubeconfig: join(home, "kubeconfig"),
    record: join(home, "cluster.json"),
    certificates: join(home, "certificates"),
    logs: join(home, "logs"),
    containerdSocket: join(home, "containerd.sock"),
    authenticationConfig: join(home, "authentication.json"),
    attachments: join(home, "attachments"),
    registryAuthorities: join(home, "registries/_default/ca.crt"),
  };
}
