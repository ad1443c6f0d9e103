import { existsSync, readFileSync } from "node:fs";
import type { Layout } from "./layout.ts";
import { listGroups } from "./node/groups.ts";
import { findProcesses } from "./node/processes.ts";
import { run } from "./run.ts";

/** What there is of a cluster on this machine, as lines for people: none when it is gone. */
export function listTraces(layout: Layout): readonly string[] {
  const { home, mark } = layout;
  const mounts = readFileSync("/proc/mounts", "utf8").split("\n");
  return [
    ...findProcesses(home).map(({ pid, role, words }) => `process ${pid} (${role}): ${words.join(" ")}`),
    ...mounts.filter((line) => line.includes(home)).map((line) => `mount: ${line}`),
    ...(readFileSync("/proc/net/dev", "utf8").includes(`${mark}:`) ? [`interface: ${mark}`] : []),
    ...listGroups(layout).map((group) => `group: ${group}`),
    ...(existsSync(home) ? [`folder: ${home}`] : []),
  ];
}

/** What a node of Kubernetes would leave on a machine that it shares: firewall rules, settings, folders of the system. */
export async function describeMachine(): Promise<readonly string[]> {
  const rules = await Promise.all(["iptables-save", "ip6tables-save"].map((save) => run(save, [])));
  const settings = [
    "vm/overcommit_memory",
    "vm/panic_on_oom",
    "kernel/panic",
    "kernel/panic_on_oops",
    "net/ipv4/ip_forward",
  ];
  const folders = [
    "/var/lib/cni",
    "/var/lib/kubelet",
    "/var/log/pods",
    "/var/log/containers",
    "/run/containerd",
    "/etc/cni",
  ];
  return [
    // Comments have the time.
    ...rules.flatMap((text) => text.split("\n").filter((line) => line.startsWith("-A") || /^:(KUBE|CNI)-/.test(line))),
    ...settings.map((name) => `${name} ${readFileSync(`/proc/sys/${name}`, "utf8").trim()}`),
    ...folders.filter((folder) => existsSync(folder)),
  ];
}
