import { listTools } from "../../scripts/tools/catalogue.ts";

/** The programs of each tool, and the folders that it keeps. Tools that share a program's name are asked for apart. */
interface Programs {
  readonly registry: "registry";
  readonly buildx: "buildx";
  readonly buildkit: "buildkitd" | "buildctl";
  readonly "docker.io": "dockerd" | "docker";
  readonly runc: "runc";
  readonly iptables: "iptables";
  readonly iproute2: "ip";
  readonly skopeo: "skopeo";
  readonly "busybox-static": "busybox";
  readonly jq: "jq";
  readonly azurerm: "terraform-provider-azurerm";
  readonly azurite: "azurite-blob";
  readonly tofu: "tofu";
  readonly kubernetes:
    | "kube-apiserver"
    | "kube-controller-manager"
    | "kube-proxy"
    | "kube-scheduler"
    | "kubectl"
    | "kubelet";
  readonly etcd: "etcd";
  readonly containerd: "containerd" | "containerd-shim-runc-v2" | "ctr";
  readonly conntrack: "conntrack";
  readonly "containernetworking-plugins": "host-local" | "portmap" | "loopback";
  readonly coredns: "coredns";
  readonly helm: "helm";
  readonly helm3: "helm";
  readonly nats: "nats-server";
  readonly act: "act";
  readonly keda: "keda" | "config/crd/bases" | "config/rbac" | "config/service_account";
}

/**
 * The paths of real tools' programs. A missing tool fails the test, here as in CI: a test that is left out looks like
 * one that passed.
 *
 * @throws Error that names every missing tool and the command that gets them
 */
export function needTools<Name extends keyof Programs>(
  ...names: readonly Name[]
): Readonly<Record<Programs[Name], string>> {
  const known = listTools();
  const wanted = names.map((name) => ({ name, paths: known.find((tool) => tool.name === name)?.find() }));
  const missing = wanted.filter(({ paths }) => paths === undefined).map(({ name }) => name);
  if (missing.length > 0)
    throw new Error(`This test runs real tools, and these are not here: ${missing.join(", ")}. Get them with:
  npm run tools ${missing.join(" ")}`);
  return Object.fromEntries(wanted.flatMap(({ paths }) => [...(paths ?? [])])) as Record<Programs[Name], string>;
}

/**
 * Says before anything starts that a tool which makes namespaces and mounts cannot run here.
 *
 * @param who is what needs them, for the message.
 * @throws Error when this is not Linux, or not root
 */
export function needRoot(who: string): void {
  if (process.platform === "linux" && process.getuid?.() === 0) return;
  throw new Error(`${who} needs Linux and root. Run the tests as root, or in a container that may mount:
  docker run --privileged …`);
}
