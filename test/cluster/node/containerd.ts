import { statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DOOR_PORT } from "../door/ports.ts";
import { PAUSE_IMAGE } from "../images/pause.ts";
import type { Layout } from "../layout.ts";
import type { Daemon } from "./daemon.ts";

/** containerd, which asks registries through the cluster's door. */
export function containerd(layout: Layout, program: string): Daemon {
  return {
    name: "containerd",
    program,
    parameters: ["--config", join(layout.home, "containerd.toml")],
    env: { HTTPS_PROXY: `http://${layout.addresses.host}:${DOOR_PORT}`, NO_PROXY: "" },
  };
}

export interface ContainerdSettings {
  readonly runc: string;
  /** One of the plugins of CNI; the others lie beside it. */
  readonly cniPlugin: string;
  readonly snapshotter: Snapshotter;
}

/** How layers become a file system: one over the other, or copied where the kernel does not lay them over each other. */
export type Snapshotter = "overlayfs" | "native";

const OVERLAY = 0x794c7630;

/** What the file system of a folder allows: that of a container is an overlay itself. */
export async function chooseSnapshotter(folder: string): Promise<Snapshotter> {
  return (await statfs(folder)).type === OVERLAY ? "native" : "overlayfs";
}

/** containerd's settings, with nothing outside of the home. */
export function renderContainerdConfig({ home, containerdSocket }: Layout, settings: ContainerdSettings): string {
  const text = (value: string) => JSON.stringify(value);
  return `version = 3
root = ${text(join(home, "containerd/root"))}
state = ${text(join(home, "containerd/state"))}
disabled_plugins = ["io.containerd.nri.v1.nri", "io.containerd.internal.v1.tracing", "io.containerd.tracing.processor.v1.otlp"]

[grpc]
address = ${text(containerdSocket)}

[plugins."io.containerd.internal.v1.opt"]
path = ${text(join(home, "containerd/opt"))}

[plugins."io.containerd.cri.v1.images"]
snapshotter = ${text(settings.snapshotter)}

[plugins."io.containerd.cri.v1.images".pinned_images]
sandbox = ${text(PAUSE_IMAGE)}

[plugins."io.containerd.cri.v1.images".registry]
config_path = ${text(join(home, "registries"))}

[plugins."io.containerd.cri.v1.runtime"]
# runc may not lower it everywhere: sandboxes would die with "can't get final child's PID from pipe: EOF".
restrict_oom_score_adj = true

[plugins."io.containerd.cri.v1.runtime".cni]
bin_dirs = [${text(dirname(settings.cniPlugin))}]
conf_dir = ${text(join(home, "cni"))}

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
BinaryName = ${text(settings.runc)}
SystemdCgroup = false
`;
}
