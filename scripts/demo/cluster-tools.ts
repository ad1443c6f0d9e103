import { dirname } from "node:path";
import { needTools } from "../../test/image-tools/need-tools.ts";
import type { Tool } from "./act.ts";
import { describeNamespaces, type Lacking, lackingHere, listBuilderNeeds } from "./image-builder.ts";

/** What a Kubernetes on this machine is made of, and what deploys to it, by the names that `npm run tools` takes. */
const PARTS = [
  ...["kubernetes", "etcd", "containerd", "helm"],
  ...["runc", "iptables", "iproute2", "conntrack", "containernetworking-plugins", "busybox-static"],
];

/** What real pods take besides Node: a cluster of this machine's own, and root for it. */
export function listClusterNeeds(lacking: Lacking = lackingHere): readonly Tool[] {
  const missing = lacking(PARTS);
  return [
    describeNamespaces(process.platform, process.getuid?.()),
    {
      name: missing.length === 0 ? "a Kubernetes" : `a Kubernetes and helm (${missing.join(", ")})`,
      bring: `npm run tools ${missing.join(" ")}`.trimEnd(),
      isThere: () => missing.length === 0,
    },
  ];
}

/** What an act takes that runs the shop's own images in pods. */
export function listPodNeeds(): readonly Tool[] {
  const builder = listBuilderNeeds();
  return [...builder, ...listClusterNeeds().filter(({ name }) => builder.every((each) => each.name !== name))];
}

/** The folders of helm and kubectl, for a job's PATH. */
export function findDeployPrograms(): readonly string[] {
  const { helm, kubectl } = needTools("helm", "kubernetes");
  return [dirname(helm), dirname(kubectl)];
}
