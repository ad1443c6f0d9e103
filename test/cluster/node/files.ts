import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AUDIT_POLICY, auditFiles } from "../audit.ts";
import { writeCertificates } from "../certificates.ts";
import { writeRegistryAuthorities } from "../door/attachments.ts";
import { writeAuthenticationConfig } from "../door/authentication-config.ts";
import { DOOR_PORT } from "../door/ports.ts";
import { writeKubeconfig } from "../kubeconfig.ts";
import type { Layout } from "../layout.ts";
import type { Programs } from "../need-programs.ts";
import { chooseSnapshotter, renderContainerdConfig } from "./containerd.ts";
import { CREDENTIAL_PROVIDER, credentialProviderConfig, kubeletConfig } from "./kubelet.ts";
import { cniConfig } from "./network.ts";

/** Writes all that the node's programs read. */
export async function writeNodeFiles(layout: Layout, programs: Programs): Promise<void> {
  const { home, certificates, addresses } = layout;
  const folders = ["cni", "credential-provider", "volume-plugins", "pod-logs", "attachments", "registries/_default"];
  await Promise.all(folders.map((folder) => mkdir(join(home, folder), { recursive: true })));
  await writeCertificates(layout);
  const snapshotter = await chooseSnapshotter(home);
  const json = (name: string, content: object) => writeFile(join(home, name), JSON.stringify(content, null, 2));
  const provider = join(home, "credential-provider", CREDENTIAL_PROVIDER);
  await Promise.all([
    writeKubeconfig(layout.kubeconfig, layout, "administrator"),
    ...["controller-manager", "scheduler", "kube-proxy", "kubelet"].map((user) =>
      writeKubeconfig(join(certificates, `${user}.kubeconfig`), layout, user),
    ),
    json("kubelet.json", kubeletConfig(layout)),
    json("credential-provider.json", credentialProviderConfig()),
    json("cni/10-mayfly.conflist", cniConfig(layout)),
    writeFile(
      join(home, "containerd.toml"),
      renderContainerdConfig(layout, { runc: programs.runc, cniPlugin: programs.portmap, snapshotter }),
    ),
    // What pods without cluster DNS are told, CoreDNS first: nothing is asked of this machine's resolver.
    writeFile(join(home, "resolv.conf"), `nameserver ${addresses.dns}\n`),
    writeFile(provider, renderProvider(programs.busybox, addresses.host)).then(() => chmod(provider, 0o755)),
    writeFile(auditFiles(layout).policy, JSON.stringify(AUDIT_POLICY)),
    writeAuthenticationConfig(layout),
    writeRegistryAuthorities(layout),
  ]);
}

/** The kubelet's plugin hands its question to the door, which knows the emulators; see door/credentials.ts. */
export function renderProvider(busybox: string, host: string): string {
  return `#!${busybox} sh
exec ${busybox} wget -q -O - --post-data "$(${busybox} cat)" http://${host}:${DOOR_PORT}/credentials
`;
}
