import { join } from "node:path";
import { auditFiles } from "../audit.ts";
import type { Layout } from "../layout.ts";
import type { Daemon } from "./daemon.ts";

const ETCD = "http://127.0.0.1:2379";

/** By default its clients hold themselves to 20 requests a second: each controller's token would take five seconds in all. */
const UNTHROTTLED = ["--kube-api-qps=1000", "--kube-api-burst=2000"];

/** What `kubernetes` and `etcd` of tools/ are made of, by name. */
export type ControlPlanePrograms = Readonly<
  Record<"etcd" | "kube-apiserver" | "kube-controller-manager" | "kube-scheduler", string>
>;

/** The one member of etcd. It keeps nothing through a power failure. */
export function etcd({ home }: Layout, { etcd: program }: ControlPlanePrograms): Daemon {
  return {
    name: "etcd",
    program,
    parameters: [
      ...["--name=mayfly", `--data-dir=${join(home, "etcd")}`, "--unsafe-no-fsync", "--log-level=warn"],
      ...[`--listen-client-urls=${ETCD}`, `--advertise-client-urls=${ETCD}`],
      ...["--listen-peer-urls=http://127.0.0.1:2380", "--initial-advertise-peer-urls=http://127.0.0.1:2380"],
      "--initial-cluster=mayfly=http://127.0.0.1:2380",
    ],
  };
}

/** @param issuer is what tokens of service accounts name; who checks them elsewhere finds its keys below it. */
export function apiServer(layout: Layout, programs: ControlPlanePrograms, issuer: string): Daemon {
  const file = (name: string) => join(layout.certificates, name);
  const audit = auditFiles(layout);
  return {
    name: "kube-apiserver",
    program: programs["kube-apiserver"],
    parameters: [
      ...[
        `--etcd-servers=${ETCD}`,
        `--bind-address=${layout.addresses.bridge}`,
        `--advertise-address=${layout.addresses.bridge}`,
      ],
      ...[`--service-cluster-ip-range=${layout.addresses.services}`, "--allow-privileged=true"],
      ...["--authorization-mode=Node,RBAC", "--enable-admission-plugins=NodeRestriction"],
      ...[`--tls-cert-file=${file("api-server.crt")}`, `--tls-private-key-file=${file("api-server.key")}`],
      ...[`--client-ca-file=${file("ca.crt")}`, `--authentication-config=${layout.authenticationConfig}`],
      `--kubelet-certificate-authority=${file("ca.crt")}`,
      `--kubelet-client-certificate=${file("api-server-to-kubelet.crt")}`,
      `--kubelet-client-key=${file("api-server-to-kubelet.key")}`,
      // By name it would not find the node: logs, exec and port-forward would fail.
      "--kubelet-preferred-address-types=InternalIP",
      `--service-account-key-file=${file("service-accounts.key")}`,
      `--service-account-signing-key-file=${file("service-accounts.key")}`,
      ...[`--service-account-issuer=${issuer}`, `--service-account-jwks-uri=${issuer}openid/v1/jwks`],
      ...[`--audit-policy-file=${audit.policy}`, `--audit-log-path=${audit.log}`],
      `--api-audiences=${issuer},https://kubernetes.default.svc`,
    ],
  };
}

export function controllerManager(layout: Layout, programs: ControlPlanePrograms): Daemon {
  const file = (name: string) => join(layout.certificates, name);
  return {
    name: "kube-controller-manager",
    program: programs["kube-controller-manager"],
    parameters: [
      `--kubeconfig=${file("controller-manager.kubeconfig")}`,
      ...["--use-service-account-credentials=true", "--leader-elect=false", "--bind-address=127.0.0.1"],
      ...UNTHROTTLED,
      ...["--allocate-node-cidrs=true", `--cluster-cidr=${layout.addresses.pods}`, "--node-cidr-mask-size=24"],
      `--service-cluster-ip-range=${layout.addresses.services}`,
      `--root-ca-file=${file("ca.crt")}`,
      `--service-account-private-key-file=${file("service-accounts.key")}`,
      ...[`--cluster-signing-cert-file=${file("ca.crt")}`, `--cluster-signing-key-file=${file("ca.key")}`],
      `--flex-volume-plugin-dir=${join(layout.home, "volume-plugins")}`,
    ],
  };
}

export function scheduler(layout: Layout, programs: ControlPlanePrograms): Daemon {
  return {
    name: "kube-scheduler",
    program: programs["kube-scheduler"],
    parameters: [
      `--kubeconfig=${join(layout.certificates, "scheduler.kubeconfig")}`,
      ...["--leader-elect=false", "--bind-address=127.0.0.1"],
      ...UNTHROTTLED,
    ],
  };
}
