import { join } from "node:path";
import { type Layout, NODE_NAME } from "../layout.ts";
import type { Daemon } from "./daemon.ts";

/** What makes Services work, with iptables in the node's own network. */
export function kubeProxy({ certificates, addresses }: Layout, program: string): Daemon {
  return {
    name: "kube-proxy",
    program,
    parameters: [
      `--kubeconfig=${join(certificates, "kube-proxy.kubeconfig")}`,
      ...["--proxy-mode=iptables", `--cluster-cidr=${addresses.pods}`, `--hostname-override=${NODE_NAME}`],
      ...["--healthz-bind-address=127.0.0.1:10256", "--metrics-bind-address=127.0.0.1:10249"],
      // The table of connections belongs to the machine.
      ...["--conntrack-max-per-core=0", "--iptables-min-sync-period=100ms"],
    ],
  };
}
