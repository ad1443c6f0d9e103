import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../scripts/cache-folder.ts";
import { type Addresses, addressesOf } from "./addresses.ts";

export const NODE_NAME = "mayfly";
export const DOMAIN = "cluster.local";
/** Images that were not pulled are named below this: the kubelet asks for no credentials for them. */
export const LOCAL_IMAGES = "mayfly.local";

/** Where a cluster is on this machine. Its files are all in its home. */
export interface Layout {
  readonly home: string;
  /** What its interface and its group of processes are called: what could outlive its processes. The kernel takes 15 characters. */
  readonly mark: string;
  readonly addresses: Addresses;
  /** URL of the API server. */
  readonly server: string;
  /** Which of the machine's clusters it is: written before anything else. */
  readonly slot: string;
  /** What was started, written when it was ready. */
  readonly record: string;
  /** Of the cluster's administrator. */
  readonly kubeconfig: string;
  readonly certificates: string;
  readonly logs: string;
  readonly containerdSocket: string;
  readonly authenticationConfig: string;
  /** Which emulators the node pulls through, and whose tokens the API server takes: one file each. */
  readonly attachments: string;
  /** What containerd trusts besides the system's own authorities: read again at every pull. */
  readonly registryAuthorities: string;
}

/** The folder of the cluster that tests share: `MAYFLY_CLUSTER_HOME`, or one in the cache of tools. */
export function clusterHome(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  return environment["MAYFLY_CLUSTER_HOME"] || join(cacheFolder(environment), "cluster");
}

/** The layout of a home, with the addresses that its cluster has; those of the first slot when it has none yet. */
export function readLayout(home: string): Layout {
  const slot = join(home, "slot");
  return layoutOf(home, existsSync(slot) ? Number(readFileSync(slot, "utf8")) : 0);
}

export function layoutOf(home: string, slot: number): Layout {
  const addresses = addressesOf(slot);
  return {
    home,
    mark: `mayfly-${createHash("sha256").update(home).digest("hex").slice(0, 8)}`,
    addresses,
    server: `https://${addresses.bridge}:6443`,
    slot: join(home, "slot"),
    record: join(home, "cluster.json"),
    kubeconfig: join(home, "kubeconfig"),
    certificates: join(home, "certificates"),
    logs: join(home, "logs"),
    containerdSocket: join(home, "containerd.sock"),
    authenticationConfig: join(home, "authentication.json"),
    attachments: join(home, "attachments"),
    registryAuthorities: join(home, "registries/_default/ca.crt"),
  };
}
