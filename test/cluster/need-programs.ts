import { needRoot, needTools } from "../image-tools/need-tools.ts";

/**
 * The programs that a cluster is made of.
 *
 * @throws Error that names every missing tool and the command that gets them, or says that it needs root
 */
export function needPrograms() {
  const programs = {
    ...needTools("kubernetes", "etcd", "containerd"),
    ...needTools("runc", "iptables", "iproute2", "conntrack", "containernetworking-plugins", "busybox-static"),
  };
  needRoot("A Kubernetes node");
  return programs;
}

export type Programs = ReturnType<typeof needPrograms>;
